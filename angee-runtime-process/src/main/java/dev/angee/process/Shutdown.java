package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.process.ProcTable.Entry;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.workload.RestartPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends services and jobs with everything they have started: asks, waits, kills, and makes sure. One is asked by its own
 * command, if it has one, and else by its signal, which goes to all of its processes.
 */
final class Shutdown {
    private static final Duration FIRST_POLL = Duration.ofMillis(1);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration KILL_AGAIN = Duration.ofMillis(200);
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final RecordStore store;
    private final ProcessViews views;
    private final Launcher launcher;

    Shutdown(RecordStore store, ProcessViews views, Launcher launcher) {
        this.store = store;
        this.views = views;
        this.launcher = launcher;
    }

    /** What is to follow the end of one. */
    enum Until {
        /** It is not started again before somebody asks for it, also not after a crash of the machine. */
        ASKED_FOR,
        /** It is forgotten or replaced right after. */
        REPLACED,
        /** What its restart policy says. */
        RESTARTED
    }

    /** One of those to be ended, with what is left of it. */
    private final class Target {
        private ProcessRecord record;
        private ProcessTree tree;
        private final Duration graceful;
        private Deadline grace;
        private Deadline end;
        private Deadline nextKill;
        private Optional<Process> command = Optional.empty();
        private List<Entry> left = List.of();

        /** The workload's own grace comes before the caller's. */
        Target(ProcessRecord record, Duration callersGrace) {
            this.record = record;
            this.tree = record.tree();
            this.graceful = record.workload().lifecycle().stopGrace().orElse(callersGrace);
            this.grace = Deadline.in(graceful);
            this.end = Deadline.in(graceful.plus(KILL_DEADLINE));
            this.nextKill = grace;
        }

        /** Its time begins when it is asked. */
        void beginTime() {
            grace = Deadline.in(graceful);
            end = Deadline.in(graceful.plus(KILL_DEADLINE));
            nextKill = grace;
        }

        /**
         * Remembers what is about to be done, as the exit code may have to be told from it and nobody is to start it again;
         * in a step, as somebody may just have done so.
         */
        void mark(Until until) {
            ProcessView view = views.of(store.latest(record).orElse(record));
            record = view.record();
            tree = record.tree();
            Asked asked = asked(view.isAlive(), until);
            if (asked == record.asked()) {
                return;
            }
            record = record.asked(asked);
            boolean outlivesTheMachine = until == Until.ASKED_FOR
                    && record.workload().lifecycle().restart().mode() != RestartPolicy.Mode.NO;
            if (outlivesTheMachine) {
                store.write(record);
            } else {
                store.update(record);
            }
        }

        private Asked asked(boolean alive, Until until) {
            Asked before = record.asked();
            if (until == Until.RESTARTED) {
                return alive && before == Asked.NOTHING ? Asked.LIFELESS : before;
            }
            if (!alive) {
                return before == Asked.NOTHING || before == Asked.LIFELESS ? Asked.TO_STAY_ENDED : before;
            }
            return before == Asked.KILLED || toEnd() == Signal.KILL ? Asked.KILLED : Asked.TO_END;
        }

        private Signal toEnd() {
            return Signal.toEnd(record.workload());
        }

        void ask(ProcTable table, Map<Signal, Collection<Long>> groups) throws InterruptedException {
            List<String> words = record.workload().shutdown();
            if (words.isEmpty() || !views.of(record).isAlive()) {
                tree.signalOthers(toEnd(), table, groups.computeIfAbsent(toEnd(), signal -> new ArrayList<>()));
                return;
            }
            try {
                command = Optional.of(
                        launcher.beside(record, record.marker().part(), words, launcher.log(record), grace));
            } catch (IOException e) {
                askOtherwise("cannot be started: " + e.getMessage());
            }
        }

        /** Goes on with it: as long as it may take its time, only to see whether it has been asked at all. */
        void press(Supplier<ProcTable> tables, Collection<Long> groupsToKill) throws InterruptedException {
            if (grace.isOver()) {
                if (nextKill.isOver()) {
                    kill(tables.get(), groupsToKill);
                    nextKill = Deadline.in(KILL_AGAIN);
                }
            } else if (command.filter(process -> !process.isAlive()).isPresent()) {
                int code = command.get().exitValue();
                command = Optional.empty();
                if (code != 0) {
                    askOtherwise("ended with exit code " + code);
                }
            }
        }

        private void kill(ProcTable table, Collection<Long> groupsToKill) throws InterruptedException {
            if (record.asked() == Asked.TO_END && views.of(record).isAlive()) {
                record = record.asked(Asked.KILLED);
                store.update(record);
            }
            tree.signalOthers(Signal.KILL, table, groupsToKill);
        }

        private void askOtherwise(String problem) throws InterruptedException {
            LOG.warn("the shutdown command of '{}' {}; it gets a signal instead", record.name(), problem);
            tree.signal(toEnd());
        }

        boolean isGone(Supplier<ProcTable> tables) {
            if (!tree.isSeenAlive()) {
                left = tree.look(tables.get());
            }
            return left.isEmpty();
        }

        boolean isHopeless() {
            return end.isOver();
        }
    }

    /**
     * Ends them all at the same time, and for good: no restart policy starts them again. Their records stay.
     *
     * @param grace how long those may take to end that have no grace of their own
     * @throws AngeeException {@code FAILED} if one of them could not be killed
     */
    void end(List<ProcessRecord> records, Duration grace) throws InterruptedException {
        end(records, grace, Until.ASKED_FOR);
    }

    /** The same, saying what is to follow. */
    void end(List<ProcessRecord> records, Duration grace, Until until) throws InterruptedException {
        List<Target> left = new ArrayList<>();
        records.forEach(record -> left.add(new Target(record, grace)));
        if (left.isEmpty()) {
            return;
        }
        try (FileLocks.Held held = store.step("end services")) {
            held.check();
            left.forEach(target -> target.mark(until));
        }
        left.forEach(Target::beginTime);
        ask(left);
        Duration pause = FIRST_POLL;
        while (!left.isEmpty() && !left.stream().allMatch(Target::isHopeless)) {
            long begin = System.nanoTime();
            Supplier<ProcTable> tables = new OneLook();
            left.removeIf(target -> target.isGone(tables));
            List<Long> groupsToKill = new ArrayList<>();
            for (Target target : left) {
                target.press(tables, groupsToKill);
            }
            Signal.KILL.sendToGroups(groupsToKill);
            if (!left.isEmpty()) {
                Duration effort = Duration.ofNanos(System.nanoTime() - begin);
                pause = effort.compareTo(pause) > 0 ? effort : pause; // who looks must not keep them from ending
                Deadline.in(pause).pause(pause);
                pause = pause.compareTo(POLL) < 0 ? pause.multipliedBy(2) : POLL;
            }
        }
        if (!left.isEmpty()) {
            throw new AngeeException(ErrorCode.FAILED, describe(left));
        }
    }

    private static void ask(List<Target> targets) throws InterruptedException {
        ProcTable table = ProcTable.read();
        targets.removeIf(target -> target.isGone(() -> table));
        Map<Signal, Collection<Long>> groups = new EnumMap<>(Signal.class);
        for (Target target : targets) {
            target.ask(table, groups);
        }
        for (Map.Entry<Signal, Collection<Long>> each : groups.entrySet()) {
            each.getKey().sendToGroups(each.getValue());
        }
    }

    /**
     * Ends a tree that has no record: a health probe, or what is left of a stack whose records are lost.
     *
     * @throws AngeeException {@code FAILED} if it could not be killed
     */
    static void end(ProcessTree tree, Duration grace) throws InterruptedException {
        if (tree.look().isEmpty()) {
            return;
        }
        tree.signal(Signal.TERM);
        waitUntilGone(tree, Deadline.in(grace));
        Deadline deadline = Deadline.in(KILL_DEADLINE);
        while (!tree.look().isEmpty()) {
            if (deadline.isOver()) {
                throw new AngeeException(ErrorCode.FAILED, "cannot kill the processes with pids" + pids(tree.look()));
            }
            tree.signal(Signal.KILL);
            deadline.pause(POLL);
        }
    }

    private static void waitUntilGone(ProcessTree tree, Deadline deadline) throws InterruptedException {
        while (tree.isSeenAlive() && !deadline.isOver()) {
            deadline.pause(POLL);
        }
    }

    private static String describe(List<Target> left) {
        StringBuilder text = new StringBuilder("cannot kill");
        for (Target target : left) {
            text.append(" '")
                    .append(target.record.name())
                    .append("' (pids")
                    .append(pids(target.left))
                    .append(')');
        }
        return text + "; it may belong to another user or hang in the kernel";
    }

    private static String pids(List<Entry> entries) {
        return entries.stream().map(entry -> " " + entry.id().pid()).collect(Collectors.joining());
    }
}

package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.process.ProcTable.Entry;
import dev.angee.process.ProcessRecord.Asked;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends services and jobs with everything they have started: asks, waits, kills, and makes sure. One is asked by its own
 * command, if it has one, and else by its signal, which goes to all of its processes.
 */
final class Shutdown {
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

    /** One of those to be ended, with what is left of it. */
    private final class Target {
        private ProcessRecord record;
        private final ProcessTree tree;
        private final Deadline grace;
        private final Deadline end;
        private Deadline nextKill;
        private Optional<Process> command = Optional.empty();
        private List<Entry> left;

        /** The workload's own grace comes before the caller's. */
        Target(ProcessRecord record, Duration callersGrace) {
            this.record = views.of(record).record();
            this.tree = this.record.tree();
            Duration own = this.record.workload().lifecycle().stopGrace().orElse(callersGrace);
            this.grace = Deadline.in(own);
            this.end = Deadline.in(own.plus(KILL_DEADLINE));
            this.nextKill = grace;
            this.left = tree.look();
        }

        void ask() throws InterruptedException {
            List<String> words = record.workload().shutdown();
            if (words.isEmpty() || !views.of(record).isAlive()) {
                signalToEnd();
                return;
            }
            remember(Asked.TO_END);
            try {
                command = Optional.of(
                        launcher.beside(record, record.marker().part(), words, launcher.log(record), grace));
            } catch (IOException e) {
                askOtherwise("cannot be started: " + e.getMessage());
            }
        }

        /** Goes on with it: as long as it may take its time, only to see whether it has been asked at all. */
        void press() throws InterruptedException {
            if (grace.isOver()) {
                if (nextKill.isOver()) {
                    signal(Signal.KILL, Asked.KILLED);
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

        private void askOtherwise(String problem) throws InterruptedException {
            LOG.warn("the shutdown command of '{}' {}; it gets a signal instead", record.name(), problem);
            signalToEnd();
        }

        private void signalToEnd() throws InterruptedException {
            Signal signal = Signal.toEnd(record.workload());
            signal(signal, signal == Signal.KILL ? Asked.KILLED : Asked.TO_END);
        }

        private void signal(Signal signal, Asked asked) throws InterruptedException {
            remember(asked);
            tree.signal(signal);
        }

        /** Remembers what is about to be done, as the exit code may have to be told from it. */
        private void remember(Asked asked) {
            if (views.of(record).isAlive()) {
                record = record.asked(asked);
                store.write(record);
            }
        }

        boolean isGone() {
            if (!tree.isSeenAlive()) {
                left = tree.look();
            }
            return left.isEmpty();
        }

        boolean isHopeless() {
            return end.isOver();
        }
    }

    /**
     * Ends them all at the same time. Their records stay.
     *
     * @param grace how long those may take to end that have no grace of their own
     * @throws AngeeException {@code FAILED} if one of them could not be killed
     */
    void end(List<ProcessRecord> records, Duration grace) throws InterruptedException {
        List<Target> left = new ArrayList<>();
        for (ProcessRecord record : records) {
            Target target = new Target(record, grace);
            if (!target.isGone()) {
                target.ask();
                left.add(target);
            }
        }
        left.removeIf(Target::isGone);
        while (!left.stream().allMatch(Target::isHopeless)) {
            for (Target target : left) {
                target.press();
            }
            Deadline.in(POLL).pause(POLL);
            left.removeIf(Target::isGone);
        }
        if (!left.isEmpty()) {
            throw new AngeeException(ErrorCode.FAILED, describe(left));
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

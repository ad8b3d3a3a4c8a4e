package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.process.ProcTable.Entry;
import dev.angee.process.ProcessRecord.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Ends services and jobs with everything they have started: asks, waits, kills, and makes sure. */
final class Shutdown {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    private final RecordStore store;
    private final ProcessViews views;

    Shutdown(RecordStore store, ProcessViews views) {
        this.store = store;
        this.views = views;
    }

    /** One of those to be ended, with what is left of it. */
    private final class Target {
        private ProcessRecord record;
        private final ProcessTree tree;
        private List<Entry> left;

        Target(ProcessRecord record) {
            this.record = views.of(record).record();
            this.tree = this.record.tree();
            this.left = tree.look();
        }

        /** Remembers what is about to be done, as the exit code may have to be told from it. */
        void signal(Signal signal, Asked asked) throws InterruptedException {
            if (views.of(record).isAlive()) {
                record = record.asked(asked);
                store.write(record);
            }
            tree.signal(signal);
        }

        boolean isGone() {
            if (!tree.isSeenAlive()) {
                left = tree.look();
            }
            return left.isEmpty();
        }
    }

    /**
     * Ends them all at the same time. Their records stay.
     *
     * @throws AngeeException {@code FAILED} if one of them could not be killed
     */
    void end(List<ProcessRecord> records, Duration grace) throws InterruptedException {
        List<Target> left = new ArrayList<>();
        for (ProcessRecord record : records) {
            Target target = new Target(record);
            if (!target.isGone()) {
                target.signal(Signal.TERM, Asked.TO_END);
                left.add(target);
            }
        }
        waitUntilGone(left, Deadline.in(grace));
        Deadline deadline = Deadline.in(KILL_DEADLINE);
        while (!left.isEmpty() && !deadline.isOver()) {
            for (Target target : left) {
                target.signal(Signal.KILL, Asked.KILLED);
            }
            waitUntilGone(left, Deadline.in(POLL.multipliedBy(10)));
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

    private static void waitUntilGone(List<Target> targets, Deadline deadline) throws InterruptedException {
        targets.removeIf(Target::isGone);
        while (!targets.isEmpty() && !deadline.isOver()) {
            deadline.pause(POLL);
            targets.removeIf(Target::isGone);
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

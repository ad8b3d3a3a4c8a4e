package dev.angee.compose;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a thread that waits for a program is to do meanwhile. Others may add to it at any time. */
final class Errands {
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();

    void add(Runnable errand) {
        queue.add(errand);
    }

    /**
     * Does what there is to do, as it comes, until the program has ended.
     *
     * @return whether it has ended; if not, the time is up
     * @throws RuntimeException what an errand throws
     */
    boolean runWhile(Process program, Deadline deadline) throws InterruptedException {
        var unused = program.onExit().thenRun(() -> add(() -> {}));
        while (program.isAlive()) {
            Runnable next = queue.poll(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
            if (next == null) {
                return !program.isAlive();
            }
            next.run();
        }
        return true;
    }

    /** Does what there is to do now. */
    void runAll() {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }
}

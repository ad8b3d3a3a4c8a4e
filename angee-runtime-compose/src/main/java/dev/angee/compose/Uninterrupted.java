package dev.angee.compose;

import dev.angee.AngeeException;

/** For what has to be completed once it was begun: an interrupt begins it anew, and stays set afterwards. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** What can be done again from its beginning. */
    interface Step<R> {
        R run() throws InterruptedException;
    }

    static <R> R run(Step<R> step) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.run();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (AngeeException e) {
                    if (!Thread.interrupted()) { // an interrupt closes the channel of a file that is being written
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

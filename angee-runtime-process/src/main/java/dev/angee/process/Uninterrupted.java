package dev.angee.process;

import dev.angee.AngeeException;

/** For what has to be completed once it was begun: an interrupt begins it anew, and stays set afterwards. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** Runs it until it was not interrupted; it is made so that it can be done again from the beginning. */
    static <R> R run(JobRecords.Change<R> action) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return action.run();
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

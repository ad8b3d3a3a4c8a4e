package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;

/** The engine does not answer any more, or was given up, while a run is waited for; nobody knows what becomes of that. */
final class OutOfSight extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfSight(AngeeException cause) {
        super(cause);
    }

    /** What the caller of the run is told. */
    AngeeException failure(RunRecord run) {
        Throwable cause = getCause();
        return new AngeeException(
                ErrorCode.UNAVAILABLE,
                "job '" + run.job() + "' is waited for no more, and left to itself: "
                        + (cause == null ? "" : cause.getMessage()) + " (what became of it, its run " + run.id()
                        + " tells)",
                cause);
    }
}

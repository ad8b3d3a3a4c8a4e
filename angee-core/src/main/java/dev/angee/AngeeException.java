package dev.angee;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure with a code. Its message says where, what, and what to do about it; it never holds the value of a secret.
 *
 * <p>Outcomes that a caller should expect (a merge conflict, exit code 3) are values, not exceptions.
 */
public class AngeeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /**
     * A failure without a cause of its own.
     *
     * @param code what kind of failure it is
     * @param message where, what, and the way out; for people
     */
    public AngeeException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * A failure with the exception that led to it.
     *
     * @param code what kind of failure it is
     * @param message where, what, and the way out; for people
     * @param cause what happened underneath, if anything did
     */
    public AngeeException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** What kind of failure this is. */
    public final ErrorCode code() {
        return code;
    }
}

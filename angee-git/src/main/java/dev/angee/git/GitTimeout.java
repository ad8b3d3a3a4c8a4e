package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;

/** The git program did not end in time. */
final class GitTimeout extends AngeeException {
    private static final long serialVersionUID = 1L;

    GitTimeout(String message) {
        super(ErrorCode.UNAVAILABLE, message);
    }
}

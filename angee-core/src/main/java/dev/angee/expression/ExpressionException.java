package dev.angee.expression;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;

/** An expression that cannot be parsed or evaluated; points at the character. */
public final class ExpressionException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    /**
     * Says what is wrong, and where in the text.
     *
     * @param offset the index of the character in the expression's text, from 0, in code points
     * @param message what is wrong there, and what would be right
     */
    public ExpressionException(int offset, String message) {
        super(ErrorCode.INVALID, message);
        this.offset = offset;
    }

    /** The index of the character in the expression's text, from 0, in code points. */
    public int offset() {
        return offset;
    }
}

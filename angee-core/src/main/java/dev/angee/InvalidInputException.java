package dev.angee;

/** One value that a caller gave is wrong. A manifest with several problems is a {@code InvalidDocumentException} instead. */
public final class InvalidInputException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    /**
     * Says which value is wrong and why.
     *
     * @param field the field, input or argument
     * @param reason what is wrong with it, and what would be right
     */
    public InvalidInputException(String field, String reason) {
        super(ErrorCode.INVALID, field + ": " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** The field, input or argument that is wrong. */
    public String field() {
        return field;
    }

    /** What is wrong with it, and what would be right. */
    public String reason() {
        return reason;
    }
}

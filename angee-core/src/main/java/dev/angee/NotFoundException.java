package dev.angee;

/** A named thing does not exist. */
public final class NotFoundException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String name;

    /**
     * Says that there is no such thing.
     *
     * @param kind what was looked for: {@code service}, {@code workspace}, {@code template}…
     * @param name the name that was given
     * @param hint what does exist, or how to make it; may be empty
     */
    public NotFoundException(String kind, String name, String hint) {
        super(ErrorCode.NOT_FOUND, kind + " '" + name + "' does not exist" + (hint.isEmpty() ? "" : " (" + hint + ")"));
        this.kind = kind;
        this.name = name;
    }

    /** What was looked for. */
    public String kind() {
        return kind;
    }

    /** The name that was given. */
    public String name() {
        return name;
    }
}

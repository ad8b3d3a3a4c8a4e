package dev.angee;

/** The state of the world forbids the change: a name is taken, work would be lost, somebody else holds a lock. */
public final class ConflictException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final String kind;
    private final String name;
    private final String reason;

    /**
     * Says what stands in the way.
     *
     * @param kind what the conflict is about: {@code workspace}, {@code lock}, {@code file}…
     * @param name which one
     * @param reason what stands in the way, and how to clear it
     */
    public ConflictException(String kind, String name, String reason) {
        super(ErrorCode.CONFLICT, kind + " '" + name + "': " + reason);
        this.kind = kind;
        this.name = name;
        this.reason = reason;
    }

    /** What the conflict is about. */
    public String kind() {
        return kind;
    }

    /** Which one. */
    public String name() {
        return name;
    }

    /** What stands in the way, and how to clear it. */
    public String reason() {
        return reason;
    }
}

package dev.angee.internal.change;

/**
 * What is to stand at a path.
 *
 * @param kind what it is
 * @param content the bytes of a file; not copied, and not to be changed
 * @param mode the nine permission bits of a file
 * @param link where a link leads; never followed or checked
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its fingerprint only
public record FileContent(Kind kind, byte[] content, int mode, String link) {
    /** Checks that the values are those of the kind. */
    public FileContent {
        if (kind == Kind.FILE ? !link.isEmpty() : link.isEmpty() || content.length > 0 || mode != 0) {
            throw new IllegalArgumentException("not what a " + kind + " has");
        }
        if (content.length > FileChanges.LARGEST) {
            throw new IllegalArgumentException("a file of " + content.length + " bytes is too large");
        }
        if ((mode & ~0777) != 0 || link.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a mode or a link");
        }
    }

    /** What can be made. */
    public enum Kind {
        /** A plain file. */
        FILE,
        /** A symbolic link. */
        LINK
    }

    /** A plain file. */
    public static FileContent file(byte[] content, int mode) {
        return new FileContent(Kind.FILE, content, mode, "");
    }

    /** A symbolic link. */
    public static FileContent link(String target) {
        return new FileContent(Kind.LINK, new byte[0], 0, target);
    }
}

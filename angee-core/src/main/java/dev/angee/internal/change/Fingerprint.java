package dev.angee.internal.change;

import com.google.common.hash.Hashing;

/**
 * What stands at a path. Two that are equal stand for the same, as far as a change of files is concerned.
 *
 * @param kind what it is; the other values are those of its kind, and empty or 0 for any other
 * @param sha256 of a file: the SHA-256 of its bytes in lower-case hex
 * @param mode of a file: its nine permission bits
 * @param link of a link: where it leads, as written; of what is blocked: the path that is in the way
 */
public record Fingerprint(Kind kind, String sha256, int mode, String link) {
    private static final int PERMISSIONS = 0777;

    /** Checks that the values are those of the kind. */
    public Fingerprint {
        if (sha256.isEmpty() == (kind == Kind.FILE)
                || link.isEmpty() == (kind == Kind.LINK || kind == Kind.BLOCKED)
                || (mode & ~(kind == Kind.FILE ? PERMISSIONS : 0)) != 0) {
            throw new IllegalArgumentException("not what a " + kind + " has");
        }
    }

    /** What can stand at a path. */
    public enum Kind {
        /** Nothing. */
        ABSENT,
        /** A plain file. */
        FILE,
        /** A symbolic link, wherever it leads. */
        LINK,
        /** A folder. */
        FOLDER,
        /** A pipe, a socket, a device; or a file larger than any that is looked into, {@link FileChanges#LARGEST}. */
        OTHER,
        /** It cannot be known: what is no plain folder stands in place of a folder on the way. */
        BLOCKED
    }

    /** Nothing is there. */
    public static Fingerprint absent() {
        return new Fingerprint(Kind.ABSENT, "", 0, "");
    }

    /** A file of these bytes. */
    public static Fingerprint file(byte[] content, int mode) {
        return file(Hashing.sha256().hashBytes(content).toString(), mode);
    }

    /** A file of this hash. */
    public static Fingerprint file(String sha256, int mode) {
        return new Fingerprint(Kind.FILE, sha256, mode, "");
    }

    /** A symbolic link. */
    public static Fingerprint link(String target) {
        return new Fingerprint(Kind.LINK, "", 0, target);
    }

    /** A folder. */
    public static Fingerprint folder() {
        return new Fingerprint(Kind.FOLDER, "", 0, "");
    }

    /** Something that is never read or replaced. */
    public static Fingerprint other() {
        return new Fingerprint(Kind.OTHER, "", 0, "");
    }

    /** What stands at this path is in the way. */
    public static Fingerprint blocked(String path) {
        return new Fingerprint(Kind.BLOCKED, "", 0, path);
    }

    /** What it will be once this content is there. */
    public static Fingerprint of(FileContent content) {
        return content.kind() == FileContent.Kind.LINK ? link(content.link()) : file(content.content(), content.mode());
    }

    /** Whether it is something that a change can be made from: nothing, a file or a link. */
    public boolean canBeReplaced() {
        return kind == Kind.ABSENT || kind == Kind.FILE || kind == Kind.LINK;
    }

    /** For messages. */
    String told() {
        return switch (kind) {
            case ABSENT -> "nothing";
            case FILE -> "a file";
            case LINK -> "a link";
            case FOLDER -> "a folder";
            case OTHER -> "no plain file, or a huge one";
            case BLOCKED -> "behind '" + link + "', which is no plain folder";
        };
    }
}

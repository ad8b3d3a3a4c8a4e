package dev.angee.mount;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a path below its base, also when symbolic links try to lead it out. Thread-safe; looks at the file system and
 * changes nothing.
 *
 * <p>What is said here holds when it is said. Whoever can write below the base can plant a link a moment later, so ask as
 * late as possible, and open what was allowed without following links where that matters.
 */
public final class Confinement {
    private Confinement() {}

    /**
     * The path below a base. The base may itself be a link, or lie behind one; a link below it may lead anywhere below it.
     * A link whose target is missing is judged by where the target would be.
     *
     * @param base an absolute folder; need not exist
     * @param subpath a relative path; need not exist; empty for the base
     * @return the absolute path, as it is spelled, not with its links resolved
     * @throws AngeeException {@code INVALID} if it is absolute, leaves the base by {@code ..} or through a symbolic link, or
     *     goes round in a circle of links; {@code UNAVAILABLE} if a folder on the way may not be looked at
     */
    public static Path below(Path base, String subpath) {
        Path folder = base.normalize();
        Path relative = path(subpath);
        Path path = folder.resolve(relative).normalize();
        if (relative.isAbsolute() || !path.startsWith(folder) || !real(path).startsWith(real(folder))) {
            throw leadingOut(base, subpath);
        }
        return path;
    }

    private static AngeeException leadingOut(Path base, String subpath) {
        return new AngeeException(
                ErrorCode.INVALID,
                "'" + Pieces.shown(subpath) + "' leads out of " + base + "; give a relative path that stays below");
    }

    /**
     * The place of an entry below a base: as {@link #below}, but that the entry itself may be a link, which is not followed.
     *
     * @param base an absolute folder; need not exist
     * @param subpath a relative path; need not exist; empty for the base
     * @throws AngeeException as {@link #below}
     */
    public static Path entry(Path base, String subpath) {
        Path folder = base.normalize();
        Path relative = path(subpath).normalize();
        Path above = relative.getParent();
        boolean isWayOut = above != null && !real(folder.resolve(above)).startsWith(real(folder));
        if (relative.isAbsolute() || relative.startsWith("..") || isWayOut) {
            throw leadingOut(base, subpath);
        }
        return folder.resolve(relative).normalize();
    }

    /**
     * The folder of a name, right below a base.
     *
     * @param base an absolute folder; need not exist
     * @param kind what has the name, for messages: {@code workspace}, {@code source}…
     * @param name the name; a single folder, never a path
     * @throws AngeeException {@code INVALID} if it is no name, or its folder is a link that leads out of the base
     */
    public static Path child(Path base, String kind, String name) {
        if (!Pieces.isName(name)) {
            throw new InvalidInputException(kind, Pieces.notAName(kind, name));
        }
        return below(base, name);
    }

    /**
     * The link by which a path passes through one of several folders: one that lies in such a folder, wherever it leads.
     * Whoever can write in the folder decides where such a path ends.
     *
     * @param path an absolute path; need not exist
     * @param folders the absolute folders in which others may write
     * @return where the link lies; empty if the path passes through none
     * @throws AngeeException as {@link #below}
     */
    public static Optional<Path> linkWithin(Path path, Collection<Path> folders) {
        List<Path> links = LinkWalk.along(path.normalize()).links();
        if (links.isEmpty()) {
            return Optional.empty();
        }
        List<Path> real = folders.stream().map(f -> real(f.normalize())).toList();
        return links.stream()
                .filter(link -> real.stream().anyMatch(folder -> link.startsWith(folder)))
                .findFirst();
    }

    /** The path with all its links followed, also those whose target is missing. */
    static Path real(Path path) {
        return LinkWalk.along(path).end();
    }

    /** A text as a path; the file system's encoding may not have room for it. */
    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    "'" + Pieces.shown(text) + "' cannot be a path here (" + e.getReason() + "); write it otherwise, or"
                            + " start Java in a UTF-8 locale",
                    e);
        }
    }
}

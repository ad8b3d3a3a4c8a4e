package dev.angee.mount;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Keeps a path below its base, also when symbolic links try to lead it out. */
public final class Confinement {
    private Confinement() {}

    /**
     * The path below a base.
     *
     * @param base an absolute folder; need not exist
     * @param subpath a relative path; need not exist
     * @return the absolute path, as it is spelled, not with its links resolved
     * @throws AngeeException {@code INVALID} if it leaves the base, by {@code ..} or through a symbolic link
     */
    public static Path below(Path base, String subpath) {
        Path path = base.resolve(subpath).normalize();
        if (!path.startsWith(base.normalize())) {
            throw escape(base, subpath);
        }
        try {
            Path real = realPrefix(path);
            if (!real.startsWith(realPrefix(base.normalize()))) {
                throw escape(base, subpath);
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot look at " + path + ": " + e.getMessage(), e);
        }
        return path;
    }

    /** The path with the links of whatever exists of it resolved. */
    private static Path realPrefix(Path path) throws IOException {
        Path existing = path;
        while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            return path;
        }
        return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    }

    private static AngeeException escape(Path base, String subpath) {
        return new AngeeException(ErrorCode.INVALID, "'" + subpath + "' leads out of " + base + "; stay below it");
    }
}

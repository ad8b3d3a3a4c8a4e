package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.Worktree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Looks for what git puts around the sides of a conflict. */
final class ConflictMarkers {
    private static final int WIDTH = 8;

    private ConflictMarkers() {}

    /** Refuses if one of the files still has a marker; what is gone, or no file, has none. */
    static void requireNone(Worktree worktree, Collection<String> files) throws IOException {
        Set<String> unresolved = new TreeSet<>();
        for (String name : files) {
            Path file = worktree.path().resolve(name).normalize();
            if (file.startsWith(worktree.path()) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
                    if (hasMarker(in)) {
                        unresolved.add(name);
                    }
                }
            }
        }
        if (!unresolved.isEmpty()) {
            throw new ConflictException(
                    "worktree",
                    worktree.path().toString(),
                    "files still hold conflict markers (" + String.join(", ", unresolved) + "); resolve them first");
        }
    }

    private static boolean hasMarker(InputStream in) throws IOException {
        byte[] begin = new byte[WIDTH];
        int at = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                at = 0;
            } else if (at < WIDTH) {
                begin[at++] = (byte) b;
                if (at == WIDTH) {
                    String text = new String(begin, StandardCharsets.ISO_8859_1);
                    if ("<<<<<<< ".equals(text) || ">>>>>>> ".equals(text)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}

package dev.angee.internal.change;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Looks through a folder, down to its last file, but for links. */
final class FileWalk {
    private static final int DEEPEST = 128;
    private static final int MOST = 1_000_000;

    private final TreeSet<String> files = new TreeSet<>();
    private int seen;

    private FileWalk() {}

    static List<String> below(HeldFolders folders, String folder) throws IOException {
        FileWalk walk = new FileWalk();
        Optional<HeldFolder> found = folders.find(folder);
        if (found.isPresent()) {
            walk.walk(found.get(), folder.isEmpty() ? "" : folder + "/", 1);
        }
        return List.copyOf(walk.files);
    }

    private void walk(HeldFolder folder, String prefix, int depth) throws IOException {
        List<String> names = folder.names(MOST);
        seen += names.size();
        if (depth > DEEPEST || seen > MOST) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    "'" + prefix + "' holds more than can be looked through; remove what nobody needs");
        }
        for (String name : names) {
            Optional<PosixFileAttributes> found = folder.look(name);
            if (found.isPresent() && !found.get().isDirectory()) {
                files.add(prefix + name);
            } else if (found.isPresent()) {
                descend(folder, name, prefix, depth);
            }
        }
    }

    private void descend(HeldFolder folder, String name, String prefix, int depth) throws IOException {
        try (HeldFolder child = folder.child(name)) {
            walk(child, prefix + name + "/", depth + 1);
        } catch (NoSuchFileException e) {
            // It has been removed meanwhile.
        }
    }
}

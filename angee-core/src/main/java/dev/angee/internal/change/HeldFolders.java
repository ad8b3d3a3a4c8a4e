package dev.angee.internal.change;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Folders below a top, each opened once, from the one above it, and held until this is closed: wherever somebody moves one
 * meanwhile, and whatever then stands in its place, it stays the same.
 */
final class HeldFolders implements Closeable {
    private static final String TOP = "";

    private final Map<String, HeldFolder> held = new TreeMap<>();

    HeldFolders(Path top) throws IOException {
        held.put(TOP, HeldFolder.at(top));
    }

    /** Something that is no plain folder stands in the place of one. */
    static final class BlockedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String path;

        BlockedException(String path) {
            super("'" + path + "' is no plain folder");
            this.path = path;
        }

        String path() {
            return path;
        }

        ConflictException conflict() {
            return new ConflictException("file", path, "is no plain folder; put one in its place");
        }
    }

    static String above(String path) {
        return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The folder, if it is there. */
    Optional<HeldFolder> find(String folder) throws IOException {
        @Nullable HeldFolder known = held.get(folder);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<HeldFolder> above = find(above(folder));
        Optional<HeldFolder> found = above.isEmpty() ? Optional.empty() : open(above.get(), folder);
        found.ifPresent(each -> held.put(folder, each));
        return found;
    }

    private static Optional<HeldFolder> open(HeldFolder above, String folder) throws IOException {
        String name = name(folder);
        Optional<PosixFileAttributes> found = above.look(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (!found.get().isDirectory()) {
            throw new BlockedException(folder);
        }
        try {
            return Optional.of(above.child(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (ConflictException | FileSystemException e) {
            if (!above.isFolder(name)) {
                throw new BlockedException(folder); // swapped between the look and the opening
            }
            throw e;
        }
    }

    /** The folder, which has been found before. */
    HeldFolder get(String folder) throws IOException {
        return find(folder).orElseThrow(() -> new NoSuchFileException(folder));
    }

    /** Whether it can still be found by its path. */
    boolean stands(String folder) throws IOException {
        for (String at = folder; !at.equals(TOP); at = above(at)) {
            Object key = get(at).key();
            if (!get(above(at))
                    .look(name(at))
                    .filter(each -> key.equals(each.fileKey()))
                    .isPresent()) {
                return false;
            }
        }
        return true;
    }

    /** All that have been found so far. */
    Collection<HeldFolder> all() {
        return held.values();
    }

    @Override
    public void close() throws IOException {
        @Nullable IOException failure = null;
        for (HeldFolder each : held.values()) {
            try {
                each.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

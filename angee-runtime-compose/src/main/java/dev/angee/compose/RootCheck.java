package dev.angee.compose;

import dev.angee.compose.FoundProject.State;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Whether the root of a project still knows it. In doubt it does: only what is certainly forgotten may be removed.
 *
 * @param state what is known
 * @param reason how
 */
record RootCheck(State state, String reason) {
    private static final String MANIFEST = "angee.yaml";

    /** @param isHere whether the engine and we see the same files */
    static RootCheck of(Holdings found, boolean isHere) {
        if (found.isForeign()) {
            return new RootCheck(State.FOREIGN, "it, or a part of it, does not carry " + ComposeBackend.ROOT_LABEL);
        }
        if (found.roots().size() > 1) {
            return unknown("its parts name different roots: " + String.join(", ", found.roots()));
        }
        if (found.isInside()) {
            return unknown("it was started from within a container, where paths have other meanings");
        }
        if (found.isOfUnknownPlace()) {
            return unknown("only volumes are left of it, and they do not say that it was started on this host");
        }
        if (!isHere) {
            return unknown("the engine runs on another host, or in another view of its files");
        }
        String name = found.roots().iterator().next();
        try {
            Path root = Path.of(name);
            return root.isAbsolute() ? look(found, root) : unknown("its root is no absolute path");
        } catch (InvalidPathException e) {
            return unknown("its root is no path");
        } catch (IOException e) {
            return unknown("its root cannot be looked at: " + e.getMessage());
        }
    }

    private static RootCheck look(Holdings found, Path root) throws IOException {
        if (!isThere(root)) {
            return new RootCheck(State.FORGOTTEN, "its root is gone");
        }
        Optional<String> recorded = RunMetadata.project(root);
        if (recorded.isPresent() && !recorded.get().equals(found.project())) {
            return new RootCheck(State.FORGOTTEN, "its root was last brought up as project " + recorded.get());
        }
        if (isThere(root.resolve(MANIFEST))) {
            return new RootCheck(State.LIVE, "its root is there");
        }
        if (recorded.isPresent()) {
            return new RootCheck(State.LIVE, "its root is there and says that it was brought up from it");
        }
        return found.running().isEmpty()
                ? new RootCheck(State.FORGOTTEN, "its root has no " + MANIFEST + " any more, and nothing of it runs")
                : new RootCheck(State.LIVE, "its root is there and something of it runs, although without " + MANIFEST);
    }

    /** Only what the system says is not there is not: it might be that we may not look. */
    private static boolean isThere(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            if (isBelowAFile(path)) {
                return false;
            }
            throw e;
        }
    }

    private static boolean isBelowAFile(Path path) {
        for (Path each = path.getParent(); each != null; each = each.getParent()) {
            if (Files.exists(each)) {
                return !Files.isDirectory(each);
            }
        }
        return false;
    }

    private static RootCheck unknown(String reason) {
        return new RootCheck(State.UNKNOWN, reason);
    }
}

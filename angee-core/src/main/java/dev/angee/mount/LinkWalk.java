package dev.angee.mount;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Follows the symbolic links of a path one by one, as the kernel would. {@link Path#toRealPath} will not do: it fails
 * where a link's target is missing, and such a link leads out as soon as somebody makes the target. What does not exist
 * is taken as it is spelled.
 */
final class LinkWalk {
    private static final int MOST_LINKS = 40; // as Linux counts before it says ELOOP

    private final Path path;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private final List<Path> links = new ArrayList<>();
    private Path at;

    private LinkWalk(Path path) throws IOException {
        Path start = path.getRoot();
        if (start == null) {
            throw new IllegalArgumentException("a path is absolute here: " + path);
        }
        this.path = path;
        this.at = start;
        push(path);
        while (!ahead.isEmpty()) {
            step(ahead.pop());
        }
    }

    /**
     * Walks an absolute path.
     *
     * @throws AngeeException {@code INVALID} for links that go round in a circle, {@code UNAVAILABLE} where we may not look
     */
    static LinkWalk along(Path path) {
        try {
            return new LinkWalk(path);
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot look at " + path + " (" + e + "): see that this user may read the folders that lead there",
                    e);
        }
    }

    /** Where the path ends, with no link in it. */
    Path end() {
        return at;
    }

    /** Where each link that was followed lies; no link in these paths but at their end. */
    List<Path> links() {
        return links;
    }

    private void push(Path more) {
        for (int i = more.getNameCount() - 1; i >= 0; i--) {
            ahead.push(more.getName(i));
        }
    }

    private void step(Path name) throws IOException {
        String text = name.toString();
        if (text.equals("..")) {
            Path parent = at.getParent();
            at = parent == null ? at : parent;
            return;
        }
        if (text.equals(".") || text.isEmpty()) {
            return;
        }
        Path next = at.resolve(name);
        if (isLink(next)) {
            follow(next);
        } else {
            at = next;
        }
    }

    private void follow(Path link) throws IOException {
        links.add(link);
        if (links.size() > MOST_LINKS) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    path + " goes through more than " + MOST_LINKS + " symbolic links, in a circle perhaps; look at "
                            + link);
        }
        Path target = Files.readSymbolicLink(link);
        Path start = target.getRoot();
        at = start == null ? at : start;
        push(target);
    }

    private boolean isLink(Path next) throws IOException {
        try {
            return Files.readAttributes(next, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isSymbolicLink();
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false; // below a file there is nothing
        }
    }
}

package dev.angee.git;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.jgit.dircache.Checkout;
import org.eclipse.jgit.dircache.DirCacheCheckout.CheckoutMetadata;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CoreConfig.EolStreamType;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk.OperationType;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.eclipse.jgit.util.io.EolStreamTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts files back that were being changed from those of one tree to those of another, when that was cut off. Each is as in
 * the one, or as in the other, or in between: gone, or the beginning of what it was to be. Whatever else it is, somebody has
 * made it so, and it is left.
 */
final class FileRestoration {
    private static final Pattern DRAFT_END = Pattern.compile("-?\\d+\\.tmp");

    private final OpenWorktree open;
    private final Repository repository;
    private final Path root;
    private final WorktreeFolder folder;
    private final ObjectId wanted;
    private final ObjectId other;

    FileRestoration(OpenWorktree open, ObjectId wanted, ObjectId other) {
        this.open = open;
        this.repository = open.repository;
        this.root = open.worktree.path();
        this.folder = new WorktreeFolder(root);
        this.wanted = wanted;
        this.other = other;
    }

    /** Does so, and returns the files that were left, in order. */
    List<String> run() throws IOException {
        List<Changed> all = changed();
        Set<String> left = new TreeSet<>();
        removeDrafts(all);
        for (Changed file : all) {
            if (file.wanted().equals(Side.NONE) && !takeAway(file)) {
                left.add(file.path());
            }
        }
        try (ObjectReader reader = repository.newObjectReader()) {
            for (Changed file : all) {
                if (!file.wanted().equals(Side.NONE) && !putBack(file, reader)) {
                    left.add(file.path());
                }
            }
        }
        return List.copyOf(left);
    }

    /** Whether a file is as it is to be, whether it had to be put back or not. */
    boolean isPutBack(String path) throws IOException {
        try (TreeWalk walk = TreeWalk.forPath(repository, path, wanted)) {
            return is(path, walk == null ? Side.NONE : Side.of(walk, 0));
        }
    }

    private List<Changed> changed() throws IOException {
        List<Changed> all = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.setOperationType(OperationType.CHECKOUT_OP);
            walk.addTree(wanted);
            walk.addTree(other);
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            while (walk.next()) {
                Side here = Side.of(walk, 0);
                Side there = Side.of(walk, 1);
                if (!here.isSubmodule() && !there.isSubmodule()) {
                    DirCacheEntry checked = new DirCacheEntry(walk.getRawPath()); // refuses what leads elsewhere
                    all.add(new Changed(checked, here, there, walk.getEolStreamType(OperationType.CHECKOUT_OP)));
                }
            }
        }
        return all;
    }

    /** A folder on the way that has become a link is somebody's doing. */
    private boolean takeAway(Changed file) throws IOException {
        if (!isPresent(file.path()) || isFolder(file.path())) {
            return true;
        }
        if (!isInBetween(file)) {
            return false;
        }
        try {
            folder.remove(root.resolve(file.path()));
            return true;
        } catch (WorktreeFolder.Swapped | AccessDeniedException e) {
            return false;
        }
    }

    private boolean putBack(Changed file, ObjectReader reader) throws IOException {
        if (is(file.path(), file.wanted())) {
            setMode(file);
            return true;
        }
        if (isPresent(file.path()) && !isInBetween(file)) {
            return false;
        }
        DirCacheEntry entry = file.entry();
        entry.setFileMode(file.wanted().mode());
        entry.setObjectId(file.wanted().id());
        try {
            new Checkout(repository)
                    .setRecursiveDeletion(false)
                    .checkout(entry, new CheckoutMetadata(file.eol(), null), reader, file.path());
            return true;
        } catch (IOException e) {
            if (isBlocked(file.path()) || isKeptFromUs(file.path())) {
                return false;
            }
            throw e;
        }
    }

    /** A mode that is none of the two is somebody's. */
    private void setMode(Changed file) {
        FileMode mode = file.wanted().mode();
        if (!mode.equals(file.other().mode()) && isRegular(mode)) {
            boolean unused = open.repository
                    .getFS()
                    .setExecute(root.resolve(file.path()).toFile(), FileMode.EXECUTABLE_FILE.equals(mode));
        }
    }

    private boolean isInBetween(Changed file) throws IOException {
        return is(file.path(), file.other())
                || begins(file.path(), file.wanted()) != Likeness.DIFFERENT
                || begins(file.path(), file.other()) != Likeness.DIFFERENT;
    }

    private boolean is(String path, Side side) throws IOException {
        Path file = root.resolve(path);
        if (side.equals(Side.NONE)) {
            return !isPresent(path);
        }
        if (FileMode.SYMLINK.equals(side.mode())) {
            return Files.isSymbolicLink(file)
                    && Files.readSymbolicLink(file)
                            .toString()
                            .equals(new String(repository.open(side.id()).getBytes(), StandardCharsets.UTF_8));
        }
        return begins(path, side) == Likeness.SAME;
    }

    /** How a file is to what a side has: no more than its beginning, if it was being written. */
    private Likeness begins(String path, Side side) throws IOException {
        if (!isRegular(side.mode()) || !Files.isRegularFile(root.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
            return Likeness.DIFFERENT;
        }
        try {
            Likeness raw = compare(path, side, EolStreamType.DIRECT);
            return raw == Likeness.DIFFERENT ? compare(path, side, EolStreamType.TEXT_LF) : raw;
        } catch (WorktreeFolder.Swapped | AccessDeniedException e) {
            return Likeness.DIFFERENT; // Somebody is at work there, or keeps it from us.
        }
    }

    private Likeness compare(String path, Side side, EolStreamType ends) throws IOException {
        try (InputStream file = new BufferedInputStream(
                        EolStreamTypeUtil.wrapInputStream(folder.read(root.resolve(path)), ends));
                InputStream content =
                        new BufferedInputStream(repository.open(side.id()).openStream())) {
            while (true) {
                int mine = file.read();
                int theirs = content.read();
                if (mine < 0) {
                    return theirs < 0 ? Likeness.SAME : Likeness.BEGINNING;
                }
                if (mine != theirs) {
                    return Likeness.DIFFERENT;
                }
            }
        }
    }

    private void removeDrafts(List<Changed> all) throws IOException {
        Map<String, List<Changed>> folders = new TreeMap<>();
        for (Changed file : all) {
            folders.computeIfAbsent(file.folder(), path -> new ArrayList<>()).add(file);
        }
        for (Map.Entry<String, List<Changed>> each : folders.entrySet()) {
            Path parent = root.resolve(each.getKey());
            if (Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                for (String name : namesIn(parent)) {
                    removeIfDraft(each.getKey(), name, each.getValue());
                }
            }
        }
    }

    private List<String> namesIn(Path parent) throws IOException {
        try {
            return folder.names(parent);
        } catch (WorktreeFolder.Swapped | AccessDeniedException e) {
            return List.of(); // Nothing of ours is in what is no folder any more; what is kept from us, stays.
        }
    }

    private void removeIfDraft(String in, String name, List<Changed> files) throws IOException {
        String path = in.isEmpty() ? name : in + "/" + name;
        for (Changed file : files) {
            if (isDraft(name, file.name())
                    && (begins(path, file.wanted()) != Likeness.DIFFERENT
                            || begins(path, file.other()) != Likeness.DIFFERENT)) {
                removeDraft(path);
                return;
            }
        }
    }

    /** One that cannot be removed is in nobody's way. */
    private void removeDraft(String path) throws IOException {
        try {
            folder.remove(root.resolve(path));
        } catch (WorktreeFolder.Swapped | AccessDeniedException e) {
            return;
        }
    }

    /** What JGit calls a file that it has not yet put in its place. */
    private static boolean isDraft(String name, String of) {
        return name.startsWith("._" + of)
                && DRAFT_END.matcher(name.substring(of.length() + 2)).matches();
    }

    private boolean isPresent(String path) {
        return Files.exists(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isFolder(String path) {
        return Files.isDirectory(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether something of somebody's stands where a file, or a folder that it is in, would go. */
    private boolean isBlocked(String path) throws IOException {
        for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
            String part = path.substring(0, end);
            if (isPresent(part) && !isFolder(part)) {
                return true;
            }
        }
        return isFolder(path);
    }

    /** Whether somebody has made it so that nothing can be written where it would go. */
    private boolean isKeptFromUs(String path) {
        Path place = root.resolve(path).getParent();
        while (place != null && place.startsWith(root) && !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            place = place.getParent();
        }
        return place != null && !Files.isWritable(place);
    }

    private static boolean isRegular(FileMode mode) {
        return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
    }

    /** How a file is to what it could be. */
    private enum Likeness {
        SAME,
        BEGINNING,
        DIFFERENT
    }

    /** What a tree has for a file. */
    private record Side(FileMode mode, ObjectId id) {
        static final Side NONE = new Side(FileMode.MISSING, ObjectId.zeroId());

        static Side of(TreeWalk walk, int tree) {
            FileMode mode = walk.getFileMode(tree);
            return mode.equals(FileMode.MISSING) || mode.equals(FileMode.TREE)
                    ? NONE
                    : new Side(mode, walk.getObjectId(tree));
        }

        boolean isSubmodule() {
            return FileMode.GITLINK.equals(mode);
        }
    }

    /** A file that the trees do not have alike. */
    private record Changed(
            DirCacheEntry entry,
            Side wanted,
            Side other,
            @Nullable EolStreamType eol) {
        String path() {
            return entry.getPathString();
        }

        String name() {
            return path().substring(path().lastIndexOf('/') + 1);
        }

        String folder() {
            return path().substring(0, Math.max(path().lastIndexOf('/'), 0));
        }
    }
}

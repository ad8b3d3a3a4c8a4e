package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.HeldFolder;
import dev.angee.source.BranchName;
import dev.angee.source.WorktreeRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cache's folder about one linked worktree: {@code <cache>/worktrees/<id>}. An agent may be able to write here too, so
 * only plain, small files are read.
 *
 * @param folder the folder
 */
record AdminFolder(Path folder) {
    static final String LOCKED = "locked";
    private static final int LARGEST = 16 * 1024;
    private static final int LARGEST_LIST = 4 * 1024 * 1024;
    private static final String REF = "ref: refs/heads/";
    private static final String HEADS = "refs/heads/";

    String id() {
        return folder.getFileName().toString();
    }

    /** Where the worktree is, from what the cache has written down; empty if it is not readable. */
    Optional<Path> worktree() {
        return text("gitdir").flatMap(this::parentOf);
    }

    private Optional<Path> parentOf(String dotGit) {
        try {
            return Optional.ofNullable(folder.resolve(dotGit).normalize().getParent());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The branch the worktree is on; empty when detached. */
    Optional<BranchName> branch() {
        return text("HEAD").filter(head -> head.startsWith(REF)).flatMap(head -> name(head.substring(REF.length())));
    }

    /** Whether the worktree is on the branch, or is about to come back to it after a rebase or a bisect. */
    boolean uses(BranchName branch) {
        return Stream.of(
                        branch(),
                        text("rebase-merge/head-name").flatMap(AdminFolder::fromFullName),
                        text("rebase-apply/head-name").flatMap(AdminFolder::fromFullName),
                        text("BISECT_START").flatMap(AdminFolder::name))
                .anyMatch(used -> used.equals(Optional.of(branch)));
    }

    /** What {@code SourceControl} tells of it. */
    Optional<WorktreeRecord> toRecord() {
        return worktree().map(path -> new WorktreeRecord(path, branch(), isThere(path)));
    }

    /**
     * Whether only the record is left: the folder is gone, and nobody said that it may come back. One that does not let us
     * read where its folder is, is not.
     */
    boolean isStale() {
        return !Files.exists(folder.resolve(LOCKED), LinkOption.NOFOLLOW_LINKS)
                && worktree().map(path -> !isThere(path)).orElseGet(() -> isMissing(folder.resolve("gitdir")));
    }

    private static boolean isMissing(Path file) {
        try {
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return false;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Refuses what git would never have put here; reading a pipe would take forever. */
    void checkPlain() throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> odd = children.filter(child -> !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)
                            && Files.exists(child, LinkOption.NOFOLLOW_LINKS))
                    .toList();
            if (!odd.isEmpty()) {
                throw new AngeeException(
                        ErrorCode.FAILED, "'" + odd.get(0) + "' is neither a file nor a folder; remove the worktree");
            }
        }
    }

    private static boolean isThere(Path worktree) {
        return Files.isDirectory(worktree, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether this is the record of the worktree that is there. */
    boolean isOf(WorktreePlace place) {
        return worktree().filter(place::isAt).isPresent();
    }

    /** What a small, plain file of it says, without the space around it; empty if there is no such file. */
    Optional<String> text(String name) {
        return plainText(folder.resolve(name), LARGEST).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** What a plain file says, as far as that; empty for links, pipes, what is not there and what we may not read. */
    static Optional<String> plainText(Path file, int largest) {
        return bytes(file, largest).map(text -> new String(text, StandardCharsets.UTF_8));
    }

    /**
     * Only what is not there is empty, and what is kept from us, since else an agent could be in everybody's way with
     * that. Whoever cannot read for another reason (too many open files, a broken disk) does not know, and must not go on.
     */
    private static Optional<byte[]> bytes(Path file, int largest) {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(in.readNBytes(largest));
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty();
        } catch (IOException e) {
            Path parent = file.getParent();
            if (parent != null && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            throw new AngeeException(ErrorCode.FAILED, "'" + file + "' cannot be read: " + e, e);
        }
    }

    /** Puts a file into the folder, in place of whatever is there; a link is replaced, not followed. */
    void write(String name, String text) throws IOException {
        try (HeldFolder held = hold()) {
            held.replace(name, text);
        }
    }

    /** Removes these, whatever they are; nothing happens for those that are not there. */
    void remove(List<String> names) throws IOException {
        try (HeldFolder held = hold()) {
            for (String name : names) {
                held.remove(name);
            }
        }
    }

    /** Opens the folder to write into it, if neither it nor the folder of all records is a link. */
    HeldFolder hold() throws IOException {
        Path records = folder.getParent();
        Path cache = records == null ? null : records.getParent();
        if (records == null || cache == null) {
            throw new IOException("'" + folder + "' is no record of a worktree");
        }
        try (HeldFolder above = HeldFolder.at(cache);
                HeldFolder all = above.child(records.getFileName().toString())) {
            return all.child(id());
        }
    }

    /** The lines of a plain file of it; empty if there is no such file, or one larger than any that we write. */
    Optional<List<String>> lines(String name) {
        return bytes(folder.resolve(name), LARGEST_LIST)
                .filter(text -> text.length < LARGEST_LIST)
                .map(text -> new String(text, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList());
    }

    /** The branch with this full name. */
    static Optional<BranchName> fromFullName(String ref) {
        return ref.startsWith(HEADS) ? name(ref.substring(HEADS.length())) : Optional.empty();
    }

    private static Optional<BranchName> name(String shortName) {
        try {
            return Optional.of(BranchName.of(shortName));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }
}

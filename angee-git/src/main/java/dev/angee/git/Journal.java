package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.internal.HeldFolder;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.errors.LockFailedException;
import org.jspecify.annotations.Nullable;

/**
 * What is being changed in a worktree, written down beside its lock for as long as it takes: who finds it under that lock
 * finds what a process left that died. It also has the worktree's {@code index.lock} under a second name, so that one of
 * ours is known from anybody else's.
 *
 * <p>Whoever can write the cache can write here. So nothing but ids and names is taken from it, no branch is ever moved for
 * it, and the files that it has changed are those of its own worktree.
 */
final class Journal {
    /** No id of a worktree that git made has this character. */
    private static final String SUFFIX = "~change";

    /** Another such: what is being made, or removed, and nobody is to see. */
    private static final String UNSEEN = "~unseen";

    private static final String ENTRY = "entry";
    private static final String OWNER = "owner";
    private static final String LOCK = "lock";
    private static final String UNTOUCHED = "untouched";
    private static final int LARGEST = 16 * 1024;
    private static final int LARGEST_LIST = 4 * 1024 * 1024;

    private final Path cache;
    private final AdminFolder record;
    private boolean begun;

    Journal(Path cache, AdminFolder record) {
        this.cache = cache;
        this.record = record;
    }

    private String name() {
        return record.id() + SUFFIX;
    }

    private String unseen() {
        return record.id() + UNSEEN;
    }

    /** Where it is, if there is one. */
    Path folder() {
        return cache.resolve(RepositoryLocks.FOLDER).resolve(name());
    }

    boolean isThere() {
        return Files.isDirectory(folder(), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Whether it is that of a process which is no more, or which has given up; for those who only look. It comes with its
     * owner and goes with it, so that one without is none that is there. A process that cannot be seen from here (of another
     * container, say) is taken for dead.
     */
    boolean isOfTheDead() {
        return AdminFolder.plainText(folder().resolve(OWNER), LARGEST)
                .filter(owner -> !lives(owner))
                .isPresent();
    }

    private static boolean lives(String owner) {
        String[] parts = owner.strip().split(" ", 2);
        return parts[0].matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(parts[0]))
                        .filter(process -> describe(process).equals(owner.strip()))
                        .isPresent();
    }

    private static String describe(ProcessHandle process) {
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        return process.pid() + " " + start.toEpochMilli();
    }

    /** What was written down; empty if there is nothing but a lock. */
    Optional<PendingChange> entry() {
        return AdminFolder.plainText(folder().resolve(ENTRY), LARGEST).map(text -> PendingChange.parse(text, folder()));
    }

    /** The files in conflict that nobody had seen to, if that was written down. */
    List<String> untouched() {
        return AdminFolder.plainText(folder().resolve(UNTOUCHED), LARGEST_LIST).stream()
                .flatMap(text -> Arrays.stream(text.split("\0", -1)))
                .toList();
    }

    /** Whether the index was locked for what was written down, so that files may have been changed since. */
    boolean hasLocked() {
        return Files.isRegularFile(folder().resolve(LOCK), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether a file is the lock that was taken, under whatever name. */
    boolean isLock(Path file) throws IOException {
        @Nullable Object mine = keyOf(folder().resolve(LOCK));
        return mine != null && Objects.equals(mine, keyOf(file));
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile() ? found.fileKey() : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Does a change that is written down first, and forgotten when it is done. If it fails, it is put right at once as if
     * the process had died, so that it is done wholly or not at all.
     */
    <T> T around(PendingChange change, OpenWorktree open, GitWork<T> work) throws IOException {
        try {
            begin(change, open);
            T result = work.run();
            end();
            return result;
        } catch (IOException | RuntimeException e) {
            putRight(open, e);
            throw e;
        }
    }

    /** An interrupt, if there was one, waits that long. */
    private void putRight(OpenWorktree open, Exception failure) {
        boolean interrupted = Thread.interrupted();
        try {
            Recovery.afterFailure(open);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
            giveUp(failure);
        } finally {
            begun = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whoever comes next tries again. */
    private void giveUp(Exception failure) {
        try {
            if (isThere()) {
                try (HeldFolder mine = hold()) {
                    mine.remove(OWNER);
                    mine.create(OWNER, ""); // for which a full disk still has room
                }
            }
        } catch (IOException | AngeeException e) {
            failure.addSuppressed(e);
        }
    }

    private void begin(PendingChange change, OpenWorktree open) throws IOException {
        end();
        List<String> untouched = KeptConflicts.written(open);
        try (HeldFolder mine = hold()) {
            if (!untouched.isEmpty()) {
                mine.replaceDurably(UNTOUCHED, String.join("\0", untouched));
            }
            mine.replaceDurably(
                    ENTRY, change.in(record).beginningAt(Whereabouts.of(open)).text());
        }
        sync(folder());
        sync(cache.resolve(RepositoryLocks.FOLDER));
        begun = true;
    }

    /**
     * Takes the index's lock, and keeps a second name of it.
     *
     * @return the lock's content, to be written
     * @throws LockFailedException if somebody has it
     */
    FileChannel lock(Path index, Path lock) throws IOException {
        try (HeldFolder mine = hold()) {
            mine.remove(LOCK);
            FileChannel channel = mine.lockFile(LOCK);
            try {
                link(index, lock);
                return channel;
            } catch (IOException | RuntimeException e) {
                channel.close();
                mine.remove(LOCK);
                unlocked();
                throw e;
            }
        }
    }

    /** Takes a lock again that somebody has taken away. */
    void relock(Path index, Path lock) throws IOException {
        if (!isLock(lock)) {
            link(index, lock);
        }
    }

    private void link(Path index, Path lock) throws IOException {
        try {
            Files.createLink(lock, folder().resolve(LOCK));
        } catch (FileAlreadyExistsException e) {
            throw new LockFailedException(index.toFile(), "'" + lock + "' is there", e);
        }
    }

    /** The index is whole again; what was written down, if anything was, stays until all of that is done. */
    void unlocked() throws IOException {
        if (!begun) {
            end();
        }
    }

    /** Whether a failure is put right by {@link #around}. */
    boolean isBegun() {
        return begun;
    }

    /** Forgets it, all at once: nobody is told of a change without its lock, or its owner. */
    void end() throws IOException {
        begun = false;
        if (Files.exists(folder(), LinkOption.NOFOLLOW_LINKS)) {
            try (HeldFolder locks = locks()) {
                locks.remove(unseen());
                locks.move(name(), locks, unseen());
            }
        }
        removeUnseen();
    }

    /** Removes what a process left that died while it made or removed one. */
    void removeUnseen() throws IOException {
        if (Files.exists(folder().resolveSibling(unseen()), LinkOption.NOFOLLOW_LINKS)) {
            try (HeldFolder locks = locks()) {
                locks.remove(unseen());
            }
        }
    }

    /** Forgets what was written down of a worktree that is no more, and ends what still works in it. */
    static void discard(Worktree worktree, AdminFolder record) throws IOException {
        LeftPrograms.end(worktree.path());
        new Journal(worktree.cache(), record).end();
    }

    private HeldFolder hold() throws IOException {
        try (HeldFolder locks = locks()) {
            if (!locks.has(name())) {
                locks.remove(unseen());
                try (HeldFolder fresh = locks.childOrNew(unseen())) {
                    fresh.create(OWNER, describe(ProcessHandle.current()) + "\n");
                }
                locks.move(unseen(), locks, name());
            }
            return locks.child(name());
        }
    }

    private HeldFolder locks() throws IOException {
        try (HeldFolder held = HeldFolder.at(cache)) {
            return held.childOrNew(RepositoryLocks.FOLDER);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }
}

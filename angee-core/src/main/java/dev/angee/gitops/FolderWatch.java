package dev.angee.gitops;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Hears of changes below folders, on behalf of subjects: a subject's version moves whenever something below one of its folders
 * changes. It may move without a reason, never the other way round.
 *
 * <p>Links are not followed. A folder is registered before it is listed, so what comes into a new one is either found there or
 * heard of. Thread-safe.
 *
 * @param <S> the subjects
 */
final class FolderWatch<S> implements AutoCloseable {
    private static final Pattern DEAF =
            Pattern.compile("(fuse|nfs|cifs|smb|9p|virtiofs|vboxsf|prl_fs|drvfs|afs|ceph).*");

    private final FolderEvents events;
    private final int foldersPerSubject;
    private final int folders;
    private final Map<WatchKey, Set<Spot<S>>> spots = new HashMap<>();
    private final Map<S, Subject> subjects = new HashMap<>();
    private long versions;
    private long moves;
    private boolean closed;

    /** A folder that is watched for a subject. */
    private record Spot<S>(S subject, Path folder, Predicate<Path> matters) {}

    private static final class Subject {
        private long version;
        private boolean whole = true;
        private final Set<WatchKey> keys = new HashSet<>();
        private final Set<Path> tops = new HashSet<>();
    }

    /** A folder to watch with all that is below it, and which paths below it matter. */
    record Root(Path folder, Predicate<Path> matters) {}

    /**
     * Begins to listen.
     *
     * @throws IOException if this platform cannot tell of changes as they happen
     */
    FolderWatch(int foldersPerSubject, int folders) throws IOException {
        this.foldersPerSubject = foldersPerSubject;
        this.folders = folders;
        events = new FolderEvents(this::hear, this::lose);
        events.begin();
    }

    /**
     * Watches a subject anew. From its return on, everything is heard.
     *
     * @return false if it cannot be watched: it has too many folders, or lies where changes are not told of
     */
    synchronized boolean watch(S subject, List<Root> roots) {
        forget(subject);
        Subject watched = new Subject();
        watched.version = ++versions; // never one that it had before
        subjects.put(subject, watched);
        try {
            for (Root root : roots) {
                watched.tops.add(root.folder());
                register(subject, watched, root.folder(), root.matters(), true);
            }
            return watched.whole;
        } catch (IOException | RuntimeException e) {
            forget(subject); // not to be watched is no failure: it is looked at each time
            return false;
        }
    }

    /** Ends watching a subject. */
    synchronized void forget(S subject) {
        Subject watched = subjects.remove(subject);
        if (watched == null) {
            return;
        }
        for (WatchKey key : watched.keys) {
            Set<Spot<S>> here = spots.get(key);
            if (here != null && here.removeIf(spot -> spot.subject().equals(subject)) && here.isEmpty()) {
                spots.remove(key);
                key.cancel();
            }
        }
    }

    /** Moves when something of the subject changed. */
    synchronized long version(S subject) {
        Subject watched = subjects.get(subject);
        return watched == null ? -1 : watched.version;
    }

    /** Whether the subject is watched with all that it has; if not, it must be watched anew. */
    synchronized boolean isWhole(S subject) {
        Subject watched = subjects.get(subject);
        return watched != null && watched.whole;
    }

    /** Moves when something of any subject changed. */
    synchronized long moves() {
        return moves;
    }

    /** Waits until {@link #moves} is another than this, or the time is over, or it is closed. */
    synchronized void await(long seen, Duration atMost) throws InterruptedException {
        long began = System.nanoTime();
        long nanos = Nanos.of(atMost);
        while (moves == seen && !closed) {
            long left = nanos - (System.nanoTime() - began);
            if (left <= 0) {
                return;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /**
     * Waits until everything that had happened when it was called is heard.
     *
     * @return false if that took too long, or could not be done; then nothing is known
     */
    boolean caughtUp(Duration atMost) {
        return events.caughtUp(atMost);
    }

    private void register(S subject, Subject watched, Path top, Predicate<Path> matters, boolean isRoot)
            throws IOException {
        if (isRoot && isDeaf(top)) {
            throw new IOException(top + " is on a file system that does not tell of changes");
        }
        Deque<Path> pending = new ArrayDeque<>(List.of(top));
        while (!pending.isEmpty()) {
            Path folder = pending.remove();
            WatchKey key;
            try {
                key = events.register(folder);
            } catch (NoSuchFileException | NotDirectoryException e) {
                if (isRoot && folder.equals(top)) {
                    throw e;
                }
                continue; // gone already, which is told of where it was
            }
            spots.computeIfAbsent(key, unused -> new HashSet<>()).add(new Spot<>(subject, folder, matters));
            watched.keys.add(key);
            if (watched.keys.size() > foldersPerSubject || spots.size() > folders) {
                throw new IOException("too many folders");
            }
            pending.addAll(foldersIn(folder));
        }
    }

    private static List<Path> foldersIn(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of(); // gone already
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private static boolean isDeaf(Path folder) throws IOException {
        return DEAF.matcher(Files.getFileStore(folder).type().toLowerCase(Locale.ROOT))
                .matches();
    }

    private synchronized void hear(WatchKey key, List<WatchEvent<?>> heard) {
        Set<Spot<S>> here = spots.get(key);
        if (here != null) {
            for (Spot<S> spot : List.copyOf(here)) {
                heard.forEach(event -> hear(spot, event));
            }
        }
    }

    private void hear(Spot<S> spot, WatchEvent<?> event) {
        Subject watched = subjects.get(spot.subject());
        if (watched == null) {
            return;
        }
        if (!(event.context() instanceof Path name)) {
            watched.whole = false; // events were lost, maybe of new folders
            moved(watched);
            return;
        }
        Path path = spot.folder().resolve(name);
        if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE
                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                register(spot.subject(), watched, path, spot.matters(), false);
            } catch (IOException | RuntimeException e) {
                watched.whole = false; // gone again, or too many; found out when it is watched anew
            }
            moved(watched);
        } else if (spot.matters().test(path)) {
            moved(watched);
        }
    }

    /** A folder is gone. What was in it has been told of; but if it was a root, it may come back unheard, even as the same inode. */
    private synchronized void lose(WatchKey key) {
        Set<Spot<S>> lost = spots.remove(key);
        if (lost == null) {
            return;
        }
        for (Spot<S> spot : lost) {
            Subject watched = subjects.get(spot.subject());
            if (watched != null) {
                watched.keys.remove(key);
                if (watched.tops.contains(spot.folder())) {
                    watched.whole = false;
                }
                moved(watched);
            }
        }
    }

    private void moved(Subject watched) {
        watched.version = ++versions;
        moves++;
        notifyAll();
    }

    /** Ends its thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        events.close();
    }
}

package dev.angee.git;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The worktrees that the git program did not come to an end with of late, as with a pipe called {@code .gitignore}: they
 * are not looked at by it again at once. Thread-safe.
 */
final class SlowWorktrees {
    static final Duration SPELL = Duration.ofMinutes(5);
    static final int MOST = 256;

    private final LongSupplier nanoTime;
    private final Map<Path, Long> since = new LinkedHashMap<>();

    SlowWorktrees(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(Path worktree) {
        since.remove(worktree);
        Iterator<Path> oldest = since.keySet().iterator();
        if (since.size() == MOST) {
            oldest.next();
            oldest.remove();
        }
        since.put(worktree, nanoTime.getAsLong());
    }

    synchronized boolean contains(Path worktree) {
        Long begin = since.get(worktree);
        if (begin != null && nanoTime.getAsLong() - begin > SPELL.toNanos()) {
            since.remove(worktree);
            return false;
        }
        return begin != null;
    }
}

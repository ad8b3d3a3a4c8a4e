package dev.angee.gitops;

import dev.angee.gitops.TopologyReader.Ground;
import dev.angee.gitops.TopologyReader.Place;
import dev.angee.source.SourceControl;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A topology that is kept: a slot is looked at again if something of it changed, or after {@link WatchOptions#trust}. What has
 * happened in a worktree, on its branches or in what git knows of them before it is asked is in the answer, as in
 * {@link GitOps#topology()}, but for what the kernel does not tell of: that is in it after that time.
 *
 * <p>It watches the folders of the worktrees, and what git keeps about them. Where that cannot be done (too many folders, a
 * network file system, a platform that does not tell of changes as they happen) a slot is looked at each time.
 *
 * <p>Thread-safe. Holds a thread and what the kernel needs until it is closed.
 */
public final class LiveTopology implements AutoCloseable {
    private static final Duration CATCHING_UP = Duration.ofSeconds(5);
    private static final Duration SETTLING = Duration.ofMillis(20);
    private static final int SETTLING_ROUNDS = 10;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TopologyReader reader;
    private final GitThreads threads;
    private final Consumer<LiveTopology> onClose;
    private final Optional<FolderWatch<Place>> watch;
    private final SlotWatch slots;
    private final ReentrantLock looking = new ReentrantLock();
    private final Map<Place, SlotWatch.Seen> seen = new LinkedHashMap<>();
    private final Map<String, Link> told = new LinkedHashMap<>();
    private volatile boolean closed;

    LiveTopology(
            SourceControl control,
            TopologyReader reader,
            GitThreads threads,
            WatchOptions options,
            Consumer<LiveTopology> onClose) {
        this.reader = reader;
        this.threads = threads;
        this.onClose = onClose;
        this.watch = listening(options);
        this.slots = new SlotWatch(control, reader, watch, options.trust());
        try {
            topology().links().forEach(link -> told.put(link.id(), link));
        } catch (RuntimeException | Error e) {
            watch.ifPresent(FolderWatch::close);
            throw e;
        }
    }

    /**
     * Who stands where, now.
     *
     * @throws IllegalStateException if it is closed
     */
    public Topology topology() {
        looking.lock();
        try {
            requireOpen();
            boolean heard = watch.filter(each -> each.caughtUp(CATCHING_UP)).isPresent();
            Ground ground = reader.ground();
            forgetAllBut(ground.places());
            List<Place> due = ground.places().stream()
                    .filter(place -> !heard || slots.isDue(place, Optional.ofNullable(seen.get(place)), ground))
                    .toList();
            List<SlotWatch.Seen> looks =
                    threads.map(due, place -> slots.look(place, Optional.ofNullable(seen.get(place)), ground));
            for (int i = 0; i < due.size(); i++) {
                seen.put(due.get(i), looks.get(i));
            }
            List<Link> links = ground.places().stream()
                    .map(place -> Objects.requireNonNull(seen.get(place)).link())
                    .toList();
            return new Topology(
                    ground.workspaces(), links, reader.sources(ground, TopologyOptions.defaults()), ground.problems());
        } finally {
            looking.unlock();
        }
    }

    /**
     * Waits for a change.
     *
     * @param atMost how long to wait
     * @return what is different from what was told the last time, or from how it was when this was made; empty if the time is
     *     over. Each change is told once, whoever asks; what changed back meanwhile is not told
     * @throws IllegalStateException if it is closed, also while waiting
     */
    public List<LinkChange> next(Duration atMost) throws InterruptedException {
        long began = System.nanoTime();
        long nanos = Nanos.of(atMost);
        while (true) {
            long moves = watch.map(FolderWatch::moves).orElse(0L);
            List<LinkChange> changes = untold();
            long left = nanos - (System.nanoTime() - began);
            if (!changes.isEmpty() || left <= 0) {
                return changes;
            }
            pause(moves, Math.min(left, PAUSE_NANOS));
        }
    }

    /** Ends its thread and its watching. */
    @Override
    public void close() {
        closed = true;
        try {
            watch.ifPresent(FolderWatch::close);
        } finally {
            onClose.accept(this);
        }
    }

    private void pause(long moves, long nanos) throws InterruptedException {
        if (watch.isPresent()) {
            watch.get().await(moves, Duration.ofNanos(nanos));
            if (watch.get().moves() != moves) {
                settle(watch.get());
            }
        } else {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    }

    /** One look for many changes that come together, but not waiting for ever for the end of them. */
    private static void settle(FolderWatch<Place> watch) throws InterruptedException {
        for (int round = 0; round < SETTLING_ROUNDS; round++) {
            long moves = watch.moves();
            watch.await(moves, SETTLING);
            if (watch.moves() == moves) {
                return;
            }
        }
    }

    /** Looks and tells under one hold of the lock: who looked earlier does not tell later, of what is over. */
    private List<LinkChange> untold() {
        looking.lock();
        try {
            List<Link> links = topology().links();
            List<LinkChange> changes = new ArrayList<>();
            Map<String, Link> now = new LinkedHashMap<>();
            links.forEach(link -> now.put(link.id(), link));
            told.forEach((id, before) -> {
                if (!now.containsKey(id)) {
                    changes.add(new LinkChange(Optional.of(before), Optional.empty()));
                }
            });
            now.forEach((id, after) -> {
                Optional<Link> before = Optional.ofNullable(told.get(id));
                if (!before.equals(Optional.of(after))) {
                    changes.add(new LinkChange(before, Optional.of(after)));
                }
            });
            told.clear();
            told.putAll(now);
            return changes;
        } finally {
            looking.unlock();
        }
    }

    private void forgetAllBut(Collection<Place> places) {
        for (Place gone : List.copyOf(seen.keySet())) {
            if (!places.contains(gone)) {
                seen.remove(gone);
                watch.ifPresent(each -> each.forget(gone));
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this topology was closed");
        }
    }

    /** Empty where changes cannot be heard of: then everything is looked at each time. */
    private static Optional<FolderWatch<Place>> listening(WatchOptions options) {
        try {
            return Optional.of(new FolderWatch<>(options.foldersPerSlot(), options.folders()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

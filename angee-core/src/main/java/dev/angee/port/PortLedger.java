package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The ports of all roots of one user on this machine: those leased to somebody for a while, and those a root has fixed
 * for good. No port is had by two, whatever pool, root or JVM asks.
 *
 * <p>Kept in one file, changed under a lock that JVMs share. A change is durable when its call returns, and a call that
 * fails has changed nothing; only one that is interrupted may have, and doing it again tells. Reading takes no lock and
 * writes nothing. What is known of a root that no longer exists is given up at the next lease or reservation.
 *
 * <p>Every method that reads the file throws {@link AngeeException}: {@code FAILED} if it is damaged, naming it and the
 * way out; {@code UNSUPPORTED} if a newer build wrote it. Neither is ever overwritten. Every method that changes it throws
 * {@link ConflictException} if the lock cannot be had within half a minute, naming who has it. Thread-safe.
 */
public final class PortLedger {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);

    private final LedgerFile file;
    private final LedgerUpdates updates;
    private final Clock clock;
    private final PortProbe probe;
    private final Supplier<UUID> ids;

    private PortLedger(Path folder, Clock clock, PortProbe probe, Supplier<UUID> ids) {
        this.file = new LedgerFile(folder.resolve("ports.json"));
        this.updates = new LedgerUpdates(folder.resolve("ports.lock"), file, LOCK_PATIENCE);
        this.clock = clock;
        this.probe = probe;
        this.ids = ids;
    }

    /**
     * The ledger kept in a folder.
     *
     * @param folder where its file is; made when first needed
     * @param clock tells when a lease was taken
     * @param probe tells whether a port is in use by somebody without a lease
     */
    public static PortLedger in(Path folder, Clock clock, PortProbe probe) {
        return in(folder, clock, probe, UUID::randomUUID);
    }

    /** The same, with ids from somewhere else; none may come twice. */
    static PortLedger in(Path folder, Clock clock, PortProbe probe, Supplier<UUID> ids) {
        return new PortLedger(folder.toAbsolutePath().normalize(), clock, probe, ids);
    }

    /**
     * The port an owner has: the one it has already, unasked and with the same id, wherever it lies; else the lowest of
     * the pool that nobody has leased from this pool or another, no root has fixed, and no probe objects to.
     *
     * @param pool the pool; the owner names it too
     * @param root the root it is for
     * @param owner who asks
     * @throws AngeeException {@code UNAVAILABLE} if the pool has no free port left; {@code NOT_FOUND} if the root is no
     *     folder; whatever a probe throws that cannot tell
     */
    public PortLease lease(PortPool pool, Path root, PortOwner owner) {
        return obtain(pool, existing(root), owner).lease();
    }

    int preview(PortPool pool, Path root, PortOwner owner) {
        return preview(pool, root, owner, Set.of());
    }

    /**
     * The port {@link #lease} would give now. Nothing is written, and nothing keeps somebody else from getting it first.
     *
     * @param avoided ports that are spoken for and not in the ledger yet: one that the owner has already is given up for
     *     another if it is among them
     * @throws AngeeException as {@link #lease}
     */
    public int preview(PortPool pool, Path root, PortOwner owner, Set<Integer> avoided) {
        requireNamed(pool, owner);
        Path key = existing(root);
        PortBook book = file.read();
        Optional<PortLease> held = book.leaseOf(key, owner);
        if (held.isPresent() && !avoided.contains(held.get().port())) {
            return held.get().port();
        }
        book.forgetMissingRoots();
        return new PortSearch(pool, probe.prepared(), avoided).lowestFree(book);
    }

    /**
     * Another port for an owner whose port turned out to be taken by somebody who has not leased it. The old lease ends
     * and the new one, with an id of its own, begins in one step; if no other port is free, the old one stays.
     *
     * @param pool where to look for another
     * @param taken the lease to give up
     * @throws ConflictException if it is not the owner's lease any more
     * @throws AngeeException {@code UNAVAILABLE} if the pool has no other free port
     */
    public PortLease replace(PortPool pool, PortLease taken) {
        return replace(pool, taken, Set.of(taken.port()));
    }

    /**
     * Leases a port and puts it to use; if it turns out taken, tries again with another, never one that was found taken
     * by this call. What this call has leased is released again when it fails. A lease that the owner had before is then
     * kept, unless it was its port that was taken.
     *
     * @param attempts how many ports to try at most
     * @param use puts the port to use and tells what came of it; the ledger is not locked meanwhile
     * @throws AngeeException {@code UNAVAILABLE} if each port tried was taken, or the pool has no free one left
     * @throws InterruptedException if {@code use} is interrupted
     */
    public <T> BoundPort<T> bind(PortPool pool, Path root, PortOwner owner, int attempts, PortUse<T> use)
            throws InterruptedException {
        if (attempts < 1) {
            throw new IllegalArgumentException("a port is tried at least once, not " + attempts + " times");
        }
        Obtained first = obtain(pool, existing(root), owner);
        return new PortBinding<>(pool, attempts, use, this).from(first.lease(), first.isNew());
    }

    /**
     * Gives up one lease; nothing is done if it has been given up already.
     *
     * @throws ConflictException if somebody else has leased its port since, naming it; that lease stays
     */
    public void release(PortLease lease) {
        updates.make("release " + lease.owner(), book -> {
            Optional<PortLease> present = book.leaseAt(lease.port());
            if (present.isPresent() && !isHeld(lease, book)) {
                throw PortClaims.gone(lease, book);
            }
            book.removeIf(each -> each.id().equals(lease.id()));
            return lease;
        });
    }

    /**
     * Gives up every lease of a root whose owner is this, or begins with this and a slash: {@code workspace/x} is all of
     * that workspace, and nothing of {@code workspace/xy}. No lease is no error.
     */
    public void release(Path root, String owner) {
        Path key = key(root);
        updates.make("release " + owner, book -> {
            book.removeIf(lease -> lease.root().equals(key) && lease.owner().isIn(owner));
            return owner;
        });
    }

    /**
     * Says which ports a root has fixed: the values of its {@code ports}, its ingress, its published ports. From now on no
     * pool of any root gives them to anybody. They take the place of all that the root had fixed before, in one step.
     *
     * <p>A port that the root itself, or a service of it, has leased may be fixed too, and so may one that is leased to a
     * workspace whose folder the root lies in: it is the stack the port was leased for.
     *
     * @param ports the ports, by what fixes them there, for example {@code ports.web}
     * @throws ConflictException if somebody else has leased or fixed one of them, naming it; nothing is changed then
     * @throws AngeeException {@code INVALID} if one is no port
     */
    public void reserve(Path root, Map<String, Integer> ports) {
        PortClaims.requireValid(ports);
        Path key = ports.isEmpty() ? key(root) : existing(root);
        updates.make("fix ports of " + key, book -> {
            book.forgetMissingRoots();
            ports.forEach((name, port) -> PortClaims.requireFixable(book, new PortReservation(port, key, name)));
            book.fix(key, ports);
            return key;
        });
    }

    /**
     * Takes over the leases that the Go operator had written into a root's manifest, with their ports and owners. Each is
     * taken over once: given again later, when it has been released, it is left alone. One whose port somebody else has,
     * or that makes no sense, is reported and changes nothing. No port is probed: what has it may well be running.
     *
     * @throws AngeeException {@code NOT_FOUND} if the root is no folder
     */
    public PortAdoption adopt(Path root, List<LegacyLease> leases) {
        Path key = existing(root);
        return updates.make("adopt leases of " + key, book -> {
            book.forgetMissingRoots();
            return new LeaseAdoption(book, key, ids).of(leases);
        });
    }

    /** The leases of a root, by port. */
    public List<PortLease> leases(Path root) {
        Path key = key(root);
        return all().stream().filter(l -> l.root().equals(key)).toList();
    }

    /** Every lease of every root, by port. */
    public List<PortLease> all() {
        return List.copyOf(file.read().leases());
    }

    /** Every port that a root has fixed, by root and name. */
    public List<PortReservation> reservations() {
        return file.read().fixed().entrySet().stream()
                .flatMap(root -> root.getValue().entrySet().stream()
                        .map(port -> new PortReservation(port.getValue(), root.getKey(), port.getKey())))
                .toList();
    }

    /**
     * The leases of a root that do not lie in their pool, because its range has been narrowed since or it is not declared
     * any more; by port. They are honoured and stand in nobody's way. To mend one, {@link #release} it, or
     * {@link #replace} it from the pool as it is now.
     *
     * @param pools the pools as they are declared now
     */
    public List<PortLease> strays(Path root, Collection<PortPool> pools) {
        Map<String, PortPool> declared = new HashMap<>();
        pools.forEach(pool -> declared.put(pool.name(), pool));
        return leases(root).stream()
                .filter(lease -> {
                    PortPool pool = declared.get(lease.pool());
                    return pool == null || !pool.contains(lease.port());
                })
                .toList();
    }

    /**
     * The same, for one who has found more ports taken before.
     *
     * @param avoided ports that are not to be leased, the old one among them
     * @throws AngeeException as {@link #replace(PortPool, PortLease)}
     */
    public PortLease replace(PortPool pool, PortLease taken, Set<Integer> avoided) {
        requireNamed(pool, taken.owner());
        PortProbe ready = probe.prepared();
        return updates.make("replace port " + taken.port(), book -> {
            book.forgetMissingRoots();
            if (!isHeld(taken, book)) {
                throw PortClaims.gone(taken, book);
            }
            int port = new PortSearch(pool, ready, avoided).lowestFree(book);
            PortLease other = made(port, taken.root(), taken.owner());
            book.removeIf(lease -> lease.id().equals(taken.id()));
            book.add(other);
            return other;
        });
    }

    private record Obtained(PortLease lease, boolean isNew) {}

    private Obtained obtain(PortPool pool, Path key, PortOwner owner) {
        requireNamed(pool, owner);
        Optional<PortProbe> ready = readyFor(key, owner);
        return updates.make("lease " + owner, book -> {
            Optional<PortLease> held = book.leaseOf(key, owner);
            if (held.isPresent()) {
                return new Obtained(held.get(), false);
            }
            book.forgetMissingRoots();
            PortSearch search = new PortSearch(pool, ready.orElseGet(probe::prepared), Set.of());
            PortLease made = made(search.lowestFree(book), key, owner);
            book.add(made);
            return new Obtained(made, true);
        });
    }

    /** Made ready before the lock is taken, unless it need not be, or the owner has a port already. */
    private Optional<PortProbe> readyFor(Path key, PortOwner owner) {
        boolean isWanted = !probe.isSlow() || file.read().leaseOf(key, owner).isEmpty();
        return isWanted ? Optional.of(probe.prepared()) : Optional.empty();
    }

    private PortLease made(int port, Path root, PortOwner owner) {
        return new PortLease(ids.get(), port, root, owner, Instant.now(clock));
    }

    /** An id says more than a port and an owner: those can come again. */
    private static boolean isHeld(PortLease lease, PortBook book) {
        return book.leaseAt(lease.port())
                .filter(present -> present.id().equals(lease.id()))
                .isPresent();
    }

    private static void requireNamed(PortPool pool, PortOwner owner) {
        if (!owner.pool().equals(pool.name())) {
            throw new AngeeException(
                    ErrorCode.INVALID,
                    owner + " asks for a port of the pool '" + pool.name()
                            + "'; its own last part is the pool it is of");
        }
    }

    private static Path existing(Path root) {
        if (!Files.isDirectory(root)) {
            throw new NotFoundException("root", root.toString(), "it is no folder; what has ports exists");
        }
        return key(root);
    }

    /** One root has one key, however its path is spelled. */
    private static Path key(Path root) {
        try {
            return root.toRealPath();
        } catch (IOException e) {
            return root.toAbsolutePath().normalize(); // gone already; what is left of it can still be released
        }
    }
}

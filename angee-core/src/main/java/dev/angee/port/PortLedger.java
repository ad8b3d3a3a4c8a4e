package dev.angee.port;

import static java.util.Objects.requireNonNull;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The leases of all roots of one user on this machine: no port is leased twice, whatever pool, root or JVM asks. Kept
 * in one file, changed under a lock that JVMs share, written atomically; a lease is on disk when it is returned.
 *
 * <p>Leases of a root that no longer exists are given up at the next lease. Thread-safe.
 */
public final class PortLedger {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Clock clock;
    private final PortProbe probe;

    private PortLedger(Path folder, Clock clock, PortProbe probe) {
        this.folder = folder;
        this.clock = clock;
        this.probe = probe;
    }

    /**
     * The ledger kept in a folder.
     *
     * @param folder where its file is; made when first needed
     * @param clock tells when a lease was taken
     * @param probe tells whether a port is in use by somebody without a lease
     */
    public static PortLedger in(Path folder, Clock clock, PortProbe probe) {
        return new PortLedger(folder.toAbsolutePath().normalize(), clock, probe);
    }

    /**
     * The port an owner has in a pool: the one it has already, else the lowest that is neither leased by anybody nor in
     * use.
     *
     * @param root the root it is for
     * @param owner who asks, for example {@code workspace/feat-x/web}
     * @throws AngeeException {@code UNAVAILABLE} if the pool has no free port left
     */
    public PortLease lease(PortPool pool, Path root, String owner) {
        Path key = key(root);
        List<PortLease> result = new ArrayList<>(1);
        update("lease " + owner, leases -> {
            Optional<PortLease> held = leases.stream()
                    .filter(l -> l.root().equals(key)
                            && l.owner().equals(owner)
                            && l.pool().equals(pool.name()))
                    .findFirst();
            if (held.isPresent()) {
                result.add(held.get());
                return leases;
            }
            List<PortLease> live =
                    leases.stream().filter(l -> Files.isDirectory(l.root())).toList();
            PortLease made = new PortLease(freePort(pool, live), pool.name(), key, owner, Instant.now(clock));
            result.add(made);
            return with(live, made);
        });
        return result.get(0);
    }

    /** Gives up every lease of a root whose owner is this, or begins with this and a slash. No lease is no error. */
    public void release(Path root, String owner) {
        Path key = key(root);
        update(
                "release " + owner,
                leases -> leases.stream()
                        .filter(l -> !(l.root().equals(key)
                                && (l.owner().equals(owner) || l.owner().startsWith(owner + "/"))))
                        .toList());
    }

    /** The leases of a root, by port. Changes nothing. */
    public List<PortLease> leases(Path root) {
        Path key = key(root);
        return all().stream().filter(l -> l.root().equals(key)).toList();
    }

    /** Every lease of every root, by port. Changes nothing. */
    public List<PortLease> all() {
        return file().read(Leases.class).map(Leases::toList).orElse(List.of());
    }

    /** One root has one key, however its path is spelled. */
    private static Path key(Path root) {
        try {
            return root.toRealPath();
        } catch (IOException e) {
            return root.toAbsolutePath().normalize(); // gone already; what is left of it can still be released
        }
    }

    private int freePort(PortPool pool, List<PortLease> leases) {
        var taken = leases.stream().map(PortLease::port).collect(Collectors.toSet());
        for (int port = pool.first(); port <= pool.last(); port++) {
            if (!taken.contains(port) && probe.isFree(port)) {
                return port;
            }
        }
        throw new AngeeException(
                ErrorCode.UNAVAILABLE,
                "port pool '" + pool.name() + "' (" + pool.first() + "-" + pool.last()
                        + ") has no free port left; widen operator.port_pool." + pool.name()
                        + ".range, or destroy a workspace");
    }

    private void update(String purpose, UnaryOperator<List<PortLease>> change) {
        try (FileLocks.Held held = FileLocks.take(folder.resolve("ports.lock"), purpose, LOCK_PATIENCE)) {
            List<PortLease> before = all();
            List<PortLease> after = change.apply(before);
            if (!after.equals(before)) {
                file().write(Leases.of(after));
            }
            held.check();
        }
    }

    private JsonFile file() {
        return JsonFile.at(folder.resolve("ports.json"));
    }

    private static List<PortLease> with(List<PortLease> leases, PortLease more) {
        List<PortLease> result = new ArrayList<>(leases);
        result.add(more);
        result.sort(Comparator.comparingInt(PortLease::port));
        return List.copyOf(result);
    }

    /** The file's content: {@code {"version": 1, "leases": […]}}. */
    record Leases(int version, List<Entry> leases) {
        private static final int VERSION = 1;

        Leases {
            JsonFile.requireVersion(version, VERSION);
            leases = List.copyOf(leases);
        }

        record Entry(int port, String pool, String root, String owner, String since) {
            Entry {
                new PortLease(port, requireNonNull(pool), Path.of(root), requireNonNull(owner), Instant.parse(since));
            }
        }

        static Leases of(List<PortLease> leases) {
            return new Leases(
                    VERSION,
                    leases.stream()
                            .map(l -> new Entry(
                                    l.port(),
                                    l.pool(),
                                    l.root().toString(),
                                    l.owner(),
                                    l.since().toString()))
                            .toList());
        }

        List<PortLease> toList() {
            return leases.stream()
                    .map(e -> new PortLease(e.port, e.pool, Path.of(e.root), e.owner, Instant.parse(e.since)))
                    .toList();
        }
    }
}

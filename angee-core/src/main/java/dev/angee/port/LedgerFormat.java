package dev.angee.port;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The records a ledger's file is made of, and what they mean. What makes no sense is an {@code IllegalArgumentException}. */
final class LedgerFormat {
    static final int VERSION = 2;
    private static final int FIRST_VERSION = 1;

    private LedgerFormat() {}

    private static <T> T need(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalArgumentException(what + " is missing");
        }
        return value;
    }

    /** The version alone, whatever else there is. */
    record Header(int version) {}

    /**
     * A file as it is read: {@code leases} in format 1, {@code roots} in format 2.
     *
     * @param version its format
     * @param leases its leases, if it is of format 1
     * @param roots its roots, if it is of format 2
     */
    record Stored(
            int version,
            @Nullable List<FirstLease> leases,
            @Nullable List<Root> roots) {
        PortBook toBook() {
            PortBook book = new PortBook();
            if (version == FIRST_VERSION) {
                need(leases, "the list of leases")
                        .forEach(each -> book.add(need(each, "a lease").toLease()));
            } else if (version == VERSION) {
                Set<String> seen = new HashSet<>();
                for (Root each : need(roots, "the list of roots")) {
                    if (!seen.add(need(each, "a root").path())) {
                        throw new IllegalArgumentException("the root " + each.path() + " stands there twice");
                    }
                    each.addTo(book);
                }
            } else {
                throw new IllegalArgumentException("there is no format version " + version);
            }
            return book.unchanged();
        }
    }

    /**
     * A file as it is written.
     *
     * @param version its format
     * @param roots what is known of each root, by path
     */
    record Content(int version, List<Root> roots) {
        static Content of(PortBook book) {
            SortedMap<Path, List<Lease>> leases = new TreeMap<>();
            book.leases()
                    .forEach(lease -> leases.computeIfAbsent(lease.root(), root -> new ArrayList<>())
                            .add(Lease.of(lease)));
            SortedSet<Path> all = new TreeSet<>(leases.keySet());
            all.addAll(book.fixed().keySet());
            all.addAll(book.adopted().keySet());
            return new Content(
                    VERSION,
                    all.stream()
                            .map(root -> new Root(
                                    root.toString(),
                                    leases.getOrDefault(root, List.of()),
                                    book.fixed().getOrDefault(root, new TreeMap<>()),
                                    List.copyOf(book.adopted().getOrDefault(root, new TreeSet<>()))))
                            .toList());
        }
    }

    /**
     * What is known of one root.
     *
     * @param path where it is
     * @param leases its leases, by port
     * @param fixed the ports it has fixed, by name
     * @param adopted the keys of the legacy leases that were taken over
     */
    record Root(
            @Nullable String path,
            @Nullable List<Lease> leases,
            @Nullable Map<String, Integer> fixed,
            @Nullable List<String> adopted) {
        void addTo(PortBook book) {
            Path root = Path.of(need(path, "a root's path"));
            need(leases, "a root's leases")
                    .forEach(each -> book.add(need(each, "a lease").toLease(root)));
            need(fixed, "a root's fixed ports").values().forEach(port -> need(port, "a fixed port"));
            book.fix(root, need(fixed, "a root's fixed ports"));
            need(adopted, "a root's adopted leases").forEach(key -> book.adopt(root, need(key, "an adopted lease")));
        }
    }

    /**
     * One lease of format 2.
     *
     * @param id its id
     * @param port its port
     * @param owner who has it
     * @param since when it was leased
     */
    record Lease(
            @Nullable String id,
            int port,
            @Nullable String owner,
            @Nullable String since) {
        static Lease of(PortLease lease) {
            return new Lease(
                    lease.id().toString(),
                    lease.port(),
                    lease.owner().toString(),
                    lease.since().toString());
        }

        PortLease toLease(Path root) {
            return new PortLease(
                    UUID.fromString(need(id, "a lease's id")),
                    port,
                    root,
                    PortOwner.parse(need(owner, "a lease's owner")),
                    Instant.parse(need(since, "a lease's time")));
        }
    }

    /**
     * One lease of format 1. It had no id; it gets one that is the same whoever reads the file.
     *
     * @param port its port
     * @param pool its pool
     * @param root the root it is leased for
     * @param owner who has it
     * @param since when it was leased
     */
    record FirstLease(
            int port,
            @Nullable String pool,
            @Nullable String root,
            @Nullable String owner,
            @Nullable String since) {
        PortLease toLease() {
            String identity = String.join("\n", String.valueOf(port), root, owner, since);
            PortLease lease = new PortLease(
                    UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)),
                    port,
                    Path.of(need(root, "a lease's root")),
                    PortOwner.parse(need(owner, "a lease's owner")),
                    Instant.parse(need(since, "a lease's time")));
            if (!lease.pool().equals(pool)) {
                throw new IllegalArgumentException(owner + " has a lease of the pool " + pool);
            }
            return lease;
        }
    }
}

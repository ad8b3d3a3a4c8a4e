package dev.angee.port;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * All that a ledger knows, by port and by root: one copy for one change. It keeps ports apart; it decides nothing. Not
 * thread-safe.
 */
final class PortBook {
    private final SortedMap<Integer, PortLease> leases = new TreeMap<>();
    private final SortedMap<Path, SortedMap<String, Integer>> fixed = new TreeMap<>();
    private final SortedMap<Path, SortedSet<String>> adopted = new TreeMap<>();
    private final Map<Integer, PortReservation> fixedPorts = new HashMap<>();
    private final Map<Path, Map<PortOwner, PortLease>> owners = new HashMap<>();
    private boolean changed;

    /** Every lease, by port. */
    Collection<PortLease> leases() {
        return Collections.unmodifiableCollection(leases.values());
    }

    /** What each root has fixed, by name. */
    SortedMap<Path, SortedMap<String, Integer>> fixed() {
        return Collections.unmodifiableSortedMap(fixed);
    }

    /** The keys of the legacy leases that each root has had taken over. */
    SortedMap<Path, SortedSet<String>> adopted() {
        return Collections.unmodifiableSortedMap(adopted);
    }

    /** Those of one root. */
    Set<String> adopted(Path root) {
        return Collections.unmodifiableSet(adopted.getOrDefault(root, new TreeSet<>()));
    }

    Optional<PortLease> leaseOf(Path root, PortOwner owner) {
        return Optional.ofNullable(owners.getOrDefault(root, Map.of()).get(owner));
    }

    Optional<PortLease> leaseAt(int port) {
        return Optional.ofNullable(leases.get(port));
    }

    Optional<PortReservation> reservationAt(int port) {
        return Optional.ofNullable(fixedPorts.get(port));
    }

    /** Whether it was changed since it was made or {@link #unchanged} was called. */
    boolean changed() {
        return changed;
    }

    /** What is in it now is what the file says. */
    PortBook unchanged() {
        changed = false;
        return this;
    }

    /** Refuses a port that is leased, and an owner that has one. */
    void add(PortLease lease) {
        if (leases.putIfAbsent(lease.port(), lease) != null) {
            throw new IllegalArgumentException("port " + lease.port() + " is leased twice");
        }
        if (owners.computeIfAbsent(lease.root(), root -> new HashMap<>()).putIfAbsent(lease.owner(), lease) != null) {
            throw new IllegalArgumentException(lease.owner() + " of " + lease.root() + " has two leases");
        }
        changed = true;
    }

    void removeIf(Predicate<PortLease> unwanted) {
        for (PortLease lease : List.copyOf(leases.values())) {
            if (unwanted.test(lease)) {
                leases.remove(lease.port());
                owners.getOrDefault(lease.root(), Map.of()).remove(lease.owner());
                changed = true;
            }
        }
    }

    /** Replaces all that a root has fixed; refuses a port that another root has fixed. */
    void fix(Path root, Map<String, Integer> ports) {
        SortedMap<String, Integer> wanted = new TreeMap<>(ports);
        SortedMap<String, Integer> before = wanted.isEmpty() ? fixed.remove(root) : fixed.put(root, wanted);
        changed |= !wanted.equals(before == null ? Map.of() : before);
        if (before != null) {
            fixedPorts.values().removeIf(reservation -> reservation.root().equals(root));
        }
        wanted.forEach((name, port) -> {
            PortReservation first = fixedPorts.putIfAbsent(port, new PortReservation(port, root, name));
            if (first != null && !first.root().equals(root)) {
                throw new IllegalArgumentException("port " + port + " is fixed by two roots");
            }
        });
    }

    /** Remembers that a legacy lease of a root has been taken over; false if that was known. */
    boolean adopt(Path root, String key) {
        boolean isNew = adopted.computeIfAbsent(root, r -> new TreeSet<>()).add(key);
        changed |= isNew;
        return isNew;
    }

    /** Forgets all that is known of roots that are certainly no folders any more. What cannot be looked at stays. */
    void forgetMissingRoots() {
        SortedSet<Path> gone = new TreeSet<>(owners.keySet());
        gone.addAll(fixed.keySet());
        gone.addAll(adopted.keySet());
        gone.removeIf(root -> !Files.notExists(root) && !(Files.exists(root) && !Files.isDirectory(root)));
        if (!gone.isEmpty()) {
            removeIf(lease -> gone.contains(lease.root()));
        }
        for (Path root : gone) {
            fix(root, Map.of());
            changed |= adopted.remove(root) != null;
        }
    }
}

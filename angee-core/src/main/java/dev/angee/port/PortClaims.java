package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Which claims to one port go together, and what is said of those that do not. */
final class PortClaims {
    private PortClaims() {}

    /** Refuses names and numbers that cannot be. */
    static void requireValid(Map<String, Integer> ports) {
        ports.forEach((name, port) -> {
            if (name.isBlank() || !PortPool.isPort(port)) {
                throw new AngeeException(
                        ErrorCode.INVALID,
                        "'" + name + "': " + port + " is not a port; write a number from 1 to 65535");
            }
        });
    }

    /** Refuses to fix a port that somebody else has. */
    static void requireFixable(PortBook book, PortReservation wanted) {
        Optional<PortLease> lease = book.leaseAt(wanted.port());
        if (lease.isPresent() && !belongTogether(lease.get(), wanted.root())) {
            throw conflict(
                    wanted.port(),
                    wanted.name() + " of " + wanted.root() + " cannot have it: it is " + said(lease.get())
                            + "; release that, or fix another port");
        }
        Optional<PortReservation> other = book.reservationAt(wanted.port());
        if (other.isPresent() && !other.get().root().equals(wanted.root())) {
            throw conflict(
                    wanted.port(),
                    wanted.name() + " of " + wanted.root() + " cannot have it: it is " + said(other.get())
                            + "; change one of the two");
        }
    }

    /** Why a port cannot be leased under a given owner although nobody asked a probe; empty if it can. */
    static Optional<String> obstacle(PortBook book, int port, Path root, PortOwner owner) {
        Optional<PortLease> lease = book.leaseAt(port);
        if (lease.isPresent()) {
            return Optional.of("port " + port + " is " + said(lease.get()) + "; release that, and take it over again");
        }
        Optional<PortReservation> fixed = book.reservationAt(port);
        if (fixed.isPresent() && !belongTogether(root, owner, fixed.get().root())) {
            return Optional.of("port " + port + " is " + said(fixed.get())
                    + "; fix another port there, and take it over" + " again");
        }
        return book.leaseOf(root, owner)
                .map(other -> owner + " has port " + other.port() + " by now; release that, and take it over again");
    }

    /** What is said to the holder of a lease that has ended; names who has its port now. */
    static ConflictException gone(PortLease lease, PortBook book) {
        String now = book.leaseAt(lease.port())
                .map(present -> ", and now it is " + said(present))
                .orElse("");
        return conflict(
                lease.port(),
                "the lease of " + lease.owner() + " of " + lease.root() + " has ended" + now
                        + "; use the port no longer, and lease one anew");
    }

    /**
     * Whether a root that fixes a port may mean a port that is leased: its own, or that of the workspace it is the stack
     * of. A workspace's folder bears its name, wherever under the root that leases for it.
     */
    private static boolean belongTogether(PortLease lease, Path fixing) {
        return belongTogether(lease.root(), lease.owner(), fixing);
    }

    private static boolean belongTogether(Path root, PortOwner owner, Path fixing) {
        if (owner.kind() != PortOwner.Kind.WORKSPACE) {
            return fixing.equals(root);
        }
        return fixing.startsWith(root)
                && !fixing.equals(root)
                && StreamSupport.stream(root.relativize(fixing).spliterator(), false)
                        .anyMatch(part -> part.toString().equals(owner.name()));
    }

    private static String said(PortLease lease) {
        return "leased to " + lease.owner() + " of " + lease.root() + " since " + lease.since();
    }

    private static String said(PortReservation fixed) {
        return "fixed by " + fixed.name() + " of " + fixed.root();
    }

    private static ConflictException conflict(int port, String reason) {
        return new ConflictException("port", String.valueOf(port), reason);
    }
}

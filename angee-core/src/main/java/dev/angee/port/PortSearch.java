package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One search for the lowest port of a pool that nobody has. */
final class PortSearch {
    private static final int MOST_REASONS = 3;

    private final PortPool pool;
    private final PortProbe probe;
    private final Set<Integer> avoided;
    private final List<String> reasons = new ArrayList<>();
    private final Set<PortOwner.Kind> holders = EnumSet.noneOf(PortOwner.Kind.class);
    private int claimed;
    private int taken;

    /**
     * A search.
     *
     * @param probe asked about ports that are neither leased nor fixed
     * @param avoided ports known to be taken
     */
    PortSearch(PortPool pool, PortProbe probe, Set<Integer> avoided) {
        this.pool = pool;
        this.probe = probe;
        this.avoided = avoided;
    }

    /**
     * The port.
     *
     * @throws AngeeException {@code UNAVAILABLE} if there is none
     */
    int lowestFree(PortBook book) {
        for (int port = pool.first(); port <= pool.last(); port++) {
            Optional<PortLease> lease = book.leaseAt(port);
            if (lease.isPresent() || book.reservationAt(port).isPresent()) {
                claimed++;
                lease.ifPresent(held -> holders.add(held.owner().kind()));
            } else if (avoided.contains(port) || !isFree(port)) {
                taken++;
            } else {
                return port;
            }
        }
        throw new AngeeException(
                ErrorCode.UNAVAILABLE,
                "port pool '" + pool.name() + "' (" + pool + ") has no free port left: " + claimed
                        + " leased or fixed, " + taken + " in use by others" + because()
                        + "; widen operator.port_pool." + pool.name() + ".range, or " + otherwise());
    }

    /** By what holds the ports, so that nobody is told to destroy what holds none. */
    private String otherwise() {
        String ending = holders.stream()
                .map(kind -> switch (kind) {
                    case WORKSPACE -> "a workspace";
                    case SERVICE -> "a service";
                    case STACK -> "a stack whose manifest asks for ${alloc." + pool.name() + "}";
                })
                .collect(Collectors.joining(" or "));
        return ending.isEmpty() ? "end what uses them" : "destroy " + ending;
    }

    private boolean isFree(int port) {
        try {
            return probe.isFree(port);
        } catch (AngeeException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                reasons.add(e.getMessage());
                return false;
            }
            throw e;
        } catch (RuntimeException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot tell whether port " + port + " is free: " + e, e);
        }
    }

    private String because() {
        if (reasons.isEmpty()) {
            return "";
        }
        String shown = String.join("; ", reasons.subList(0, Math.min(MOST_REASONS, reasons.size())));
        return " (" + shown + (reasons.size() > MOST_REASONS ? "; …" : "") + ")";
    }
}

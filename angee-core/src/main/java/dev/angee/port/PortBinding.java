package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.SortedMap;
import java.util.TreeMap;

/** One {@link PortLedger#bind}: tries port after port until one works. */
final class PortBinding<T> {
    private final PortPool pool;
    private final int attempts;
    private final PortUse<T> use;
    private final PortLedger ledger;
    private final SortedMap<Integer, String> taken = new TreeMap<>();

    PortBinding(PortPool pool, int attempts, PortUse<T> use, PortLedger ledger) {
        this.pool = pool;
        this.attempts = attempts;
        this.use = use;
        this.ledger = ledger;
    }

    /**
     * Begins with a lease.
     *
     * @param isOurs whether it was made for this, and goes if this fails
     */
    BoundPort<T> from(PortLease first, boolean isOurs) throws InterruptedException {
        PortLease lease = first;
        boolean release = isOurs;
        try {
            while (true) {
                PortAttempt<T> attempt = use.with(lease);
                if (attempt instanceof PortAttempt.Bound<T> bound) {
                    return new BoundPort<>(lease, bound.value());
                }
                release = true; // whoever had it before has no use for it
                taken.put(lease.port(), ((PortAttempt.Taken<T>) attempt).reason());
                if (taken.size() == attempts) {
                    throw exhausted();
                }
                lease = ledger.replace(pool, lease, taken.keySet());
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            if (release) {
                giveUp(lease, e);
            }
            throw e;
        }
    }

    /** An interrupt is put off: it would keep the lease from being released. */
    private void giveUp(PortLease lease, Throwable failure) {
        boolean interrupted = Thread.interrupted();
        try {
            ledger.release(lease);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private AngeeException exhausted() {
        return new AngeeException(
                ErrorCode.UNAVAILABLE,
                "port pool '" + pool.name() + "' (" + pool + "): each port tried was taken: " + taken
                        + "; end what listens there, or move operator.port_pool." + pool.name() + ".range");
    }
}

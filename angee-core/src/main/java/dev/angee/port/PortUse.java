package dev.angee.port;

/**
 * Puts a leased port to use, for example starts what listens there.
 *
 * @param <T> what is had then
 */
@FunctionalInterface
public interface PortUse<T> {
    /**
     * Tries it with this port. The ledger is not locked meanwhile.
     *
     * @throws InterruptedException if interrupted
     */
    PortAttempt<T> with(PortLease lease) throws InterruptedException;
}

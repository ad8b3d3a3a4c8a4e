package dev.angee.port;

import java.util.List;

/**
 * What became of the leases that another tool had made.
 *
 * @param adopted those that are in the ledger from now on, in the order given
 * @param known those that had been adopted before, whether or not they are still held, or that the ledger had anyway; nothing
 *     was done for them
 * @param refused those that could not be taken over; they are looked at again the next time
 */
public record PortAdoption(List<PortLease> adopted, List<LegacyLease> known, List<Refused> refused) {
    /** Copies the lists. */
    public PortAdoption {
        adopted = List.copyOf(adopted);
        known = List.copyOf(known);
        refused = List.copyOf(refused);
    }

    /**
     * A lease that could not be taken over.
     *
     * @param lease which one
     * @param reason what stands in the way and how to clear it; names who holds the port, if that is it
     */
    public record Refused(LegacyLease lease, String reason) {}
}

package dev.angee.port;

import dev.angee.AngeeException;
import java.util.List;

/**
 * Tells whether a port is in use by somebody who has not leased it.
 *
 * <p>There are three answers, and the third is not to be passed off as one of the others:
 *
 * <ul>
 *   <li>{@code true}: this probe has nothing against the port;
 *   <li>{@code false}, or an {@link AngeeException} with the code {@code CONFLICT} whose message says who has it: taken;
 *   <li>any other exception: cannot tell. The ledger then leases nothing and passes the failure on. Were it read as
 *       "taken", a fault that has nothing to do with ports would use up a whole pool; were it read as "free", ports
 *       would be handed out unseen. A probe for which "cannot tell" amounts to "nobody" (an engine that does not run has
 *       published nothing) answers {@code true} itself.
 * </ul>
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface PortProbe {
    /**
     * Whether this TCP port is free, as far as this probe can see.
     *
     * @throws AngeeException {@code CONFLICT} if it is taken, saying by whom; any other code if that cannot be told
     */
    boolean isFree(int port);

    /** Whether it asks somebody who may take long. It is then {@link #prepared} before it is asked, and not in vain. */
    default boolean isSlow() {
        return false;
    }

    /**
     * This probe, made ready for one allocation. The ledger calls it at most once for each, and not while it holds its
     * lock: here is the place to learn what takes long. What is learnt is remembered in the answer and nowhere else, and
     * the answer is asked about ports for this one allocation only.
     */
    default PortProbe prepared() {
        return this;
    }

    /** Has nothing against any port. */
    static PortProbe noObjection() {
        return port -> true;
    }

    /**
     * Listens on the port for a moment: on every address of IPv4 and of IPv6, and on the loopback address of each, one
     * after the other. An address or family that the host lacks is left out. Only the system's "address already in use"
     * is "taken": that this process may not listen on a low port does not say that anybody does.
     */
    static PortProbe binding() {
        return new BindingProbe();
    }

    /** A port is free if each of these says so. They are asked in this order, up to the first that says otherwise. */
    static PortProbe allOf(List<? extends PortProbe> probes) {
        return new EveryProbe(List.copyOf(probes));
    }
}

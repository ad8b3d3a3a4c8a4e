package dev.angee.stack;

import dev.angee.compile.PlanTransform;
import dev.angee.port.PortLedger;
import dev.angee.resolve.SecretKeeper;
import dev.angee.runtime.BackendProvider;
import dev.angee.secret.SecretLender;
import dev.angee.secret.SecretStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stack works with. Immutable.
 *
 * @param providers who opens its backends, one for each runtime
 * @param ports the leases of all roots; without them no manifest can ask for a port of a pool
 * @param secretStore where the values of secrets are, whatever a manifest says; if absent, where it says
 * @param lender has values for secrets that the store has none for
 * @param environment the variables that secrets are imported from, and a store's address and token are found in
 * @param transforms what is made of every plan, in this order, after the edge and the hardening of agents
 */
public record StackContext(
        List<BackendProvider> providers,
        Optional<PortLedger> ports,
        Optional<SecretStore> secretStore,
        Optional<SecretLender> lender,
        Map<String, String> environment,
        List<PlanTransform> transforms) {
    /** Copies the collections. */
    public StackContext {
        providers = List.copyOf(providers);
        environment = Map.copyOf(environment);
        transforms = List.copyOf(transforms);
    }

    /** With these backends, and nothing else. */
    public static StackContext of(Collection<? extends BackendProvider> providers) {
        return new StackContext(
                List.copyOf(providers), Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), List.of());
    }

    /** The same, with this ledger of ports. */
    public StackContext ports(PortLedger ledger) {
        return new StackContext(providers, Optional.of(ledger), secretStore, lender, environment, transforms);
    }

    /** The same, with this store of secrets. */
    public StackContext secretStore(SecretStore store) {
        return new StackContext(providers, ports, Optional.of(store), lender, environment, transforms);
    }

    /** The same, with values for secrets that the store has none for. */
    public StackContext borrowing(SecretLender from) {
        return new StackContext(providers, ports, secretStore, Optional.of(from), environment, transforms);
    }

    /** The same, with these variables. */
    public StackContext environment(Map<String, String> variables) {
        return new StackContext(providers, ports, secretStore, lender, variables, transforms);
    }

    /** The same, with one more transform of every plan. */
    public StackContext transform(PlanTransform transform) {
        List<PlanTransform> more = new ArrayList<>(transforms);
        more.add(transform);
        return new StackContext(providers, ports, secretStore, lender, environment, more);
    }

    SecretKeeper secretKeeper() {
        return secretStore.isPresent() ? SecretKeeper.HOST : SecretKeeper.MANIFEST;
    }

    /** Leaves the values of variables out. */
    @Override
    public String toString() {
        return "StackContext[" + providers + ", " + transforms + "]";
    }
}

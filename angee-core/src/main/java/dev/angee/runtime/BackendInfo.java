package dev.angee.runtime;

import dev.angee.RuntimeKind;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a backend is, and whether it can work here.
 *
 * @param runtime the runtime it serves
 * @param name what it is, with its version, for people
 * @param usable whether it can start workloads now
 * @param problem why it cannot, and what to do about it; empty when usable
 * @param features what of a workload it honours, beyond what every backend does
 * @param notes what the {@linkplain Backend#compile artifact} cannot say of what it honours: sentences that begin with
 *     the manifest's field. The artifact lists at its head those that concern it
 * @param warnings what is not as it should be here although it works: sentences that say what to do about it
 */
public record BackendInfo(
        RuntimeKind runtime,
        String name,
        boolean usable,
        String problem,
        Set<Feature> features,
        List<String> notes,
        List<String> warnings) {
    /** Copies the collections. */
    public BackendInfo {
        features = Collections.unmodifiableSet(
                features.isEmpty() ? EnumSet.noneOf(Feature.class) : EnumSet.copyOf(features));
        notes = List.copyOf(notes);
        warnings = List.copyOf(warnings);
    }

    /** A backend that works. */
    public static BackendInfo usable(RuntimeKind runtime, String name) {
        return new BackendInfo(runtime, name, true, "", Set.of(), List.of(), List.of());
    }

    /** A backend that cannot work here. */
    public static BackendInfo unusable(RuntimeKind runtime, String name, String problem) {
        return new BackendInfo(runtime, name, false, problem, Set.of(), List.of(), List.of());
    }

    /** The same, honouring these. */
    public BackendInfo features(Collection<Feature> honoured) {
        return new BackendInfo(runtime, name, usable, problem, Set.copyOf(honoured), notes, warnings);
    }

    /** The same, with these notes on its artifact. */
    public BackendInfo notes(List<String> onTheArtifact) {
        return new BackendInfo(runtime, name, usable, problem, features, onTheArtifact, warnings);
    }

    /** The same, with these warnings. */
    public BackendInfo warnings(List<String> sentences) {
        return new BackendInfo(runtime, name, usable, problem, features, notes, sentences);
    }
}

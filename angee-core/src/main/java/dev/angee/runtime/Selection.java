package dev.angee.runtime;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Which workloads a call is about: all of them, or some by name. */
public final class Selection {
    private static final Selection ALL = new Selection(true, Set.of(), Set.of());

    private final boolean all;
    private final Set<String> names;
    private final Set<String> profiles;

    private Selection(boolean all, Set<String> names, Set<String> profiles) {
        this.all = all;
        this.names = names;
        this.profiles = profiles;
    }

    /** Everything. */
    public static Selection all() {
        return ALL;
    }

    /** Just these; none of them is nothing at all. */
    public static Selection of(String... names) {
        return of(Set.of(names));
    }

    /** Just these; an empty collection is nothing at all. */
    public static Selection of(Collection<String> names) {
        return new Selection(false, Collections.unmodifiableSet(new TreeSet<>(names)), Set.of());
    }

    /** Everything, and of a stack also the workloads with one of these profiles, which do not start otherwise. */
    public static Selection profiles(String... profiles) {
        return new Selection(true, Set.of(), Collections.unmodifiableSet(new TreeSet<>(Set.of(profiles))));
    }

    /** The profiles that are active. */
    public Set<String> profiles() {
        return profiles;
    }

    /** Whether it takes everything. */
    public boolean isAll() {
        return all;
    }

    /** Whether it takes the workload with this name. */
    public boolean includes(String name) {
        return all || names.contains(name);
    }

    /** The names that were asked for, in order; empty for {@link #all()}. */
    public Set<String> names() {
        return names;
    }

    @Override
    public String toString() {
        return all ? "all" : String.join(", ", names);
    }
}

package dev.angee.git;

import java.util.Collection;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Repository;

/** Names of refs that can be beside each other: none of them is a folder for another, as {@code v1} is for {@code v1/x}. */
final class RefNames {
    private final TreeSet<String> names;

    RefNames(Collection<String> names) {
        this.names = new TreeSet<>(names);
    }

    /** Whether there is room for it; there is then no more for others of the same name. */
    boolean add(String name) {
        return Repository.isValidRefName(name) && !isInTheWay(name) && names.add(name);
    }

    /** Whether one of these would be a folder for this one, or this one for it. */
    boolean isInTheWay(String name) {
        String within = name + "/";
        String next = names.ceiling(within);
        if (next != null && next.startsWith(within)) {
            return true;
        }
        for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
            if (names.contains(name.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}

package dev.angee.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RefSpec;

/**
 * The tags of a remote that a cache takes over: those on commits that it has, and that are new to it. One that cannot be
 * beside those that are here already, such as {@code v1/x} beside {@code v1}, is left out.
 */
final class NewTags {
    private final TreeSet<String> names = new TreeSet<>();

    NewTags(Repository cache) throws IOException {
        for (Ref tag : cache.getRefDatabase().getRefsByPrefix(Constants.R_TAGS)) {
            names.add(tag.getName());
        }
    }

    /** Whether there is room for it; there is then no more for others of the same name. */
    boolean add(String name) {
        return Repository.isValidRefName(name) && !isInTheWay(name) && names.add(name);
    }

    /** Whether one of those that are here would be a folder for this one, or this one for it. */
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

    /** What is to be fetched of that which the remote has. */
    List<RefSpec> among(Collection<Ref> advertised, Repository cache) throws IOException {
        List<RefSpec> wanted = new ArrayList<>();
        for (Ref ref : advertised) {
            ObjectId commit = ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId();
            if (ref.getName().startsWith(Constants.R_TAGS)
                    && commit != null
                    && cache.getObjectDatabase().has(commit)
                    && add(ref.getName())) {
                wanted.add(new RefSpec(ref.getName() + ":" + ref.getName()));
            }
        }
        return wanted;
    }
}

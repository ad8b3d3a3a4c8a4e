package dev.angee.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;

/**
 * A cache's picture of its remote: the branches there, which one its HEAD names, tags, and where the history ends. It is looked
 * at before a fetch and drawn anew after it; where a push has changed it meanwhile, that is newer than what the fetch began
 * with, and stays.
 */
final class RemotePicture {
    private final Cache cache;
    private final Map<String, ObjectId> before;

    private RemotePicture(Cache cache, Map<String, ObjectId> before) {
        this.cache = cache;
        this.before = before;
    }

    /** As it is now. */
    static RemotePicture of(Cache cache, Repository opened) throws IOException {
        return new RemotePicture(cache, branches(opened));
    }

    private static Map<String, ObjectId> branches(Repository repository) throws IOException {
        Map<String, ObjectId> found = KnownRefs.direct(repository, RemoteRefs.PREFIX);
        found.remove(RemoteRefs.HEAD);
        return found;
    }

    /** Makes it what a fetch has found; with the cache's lock held. */
    void become(Fetched there) throws IOException {
        ForeignLocks.waitingFor(() -> {
            try (Repository repository = cache.open()) {
                endAt(repository, there.shallow());
                takeBranches(repository, there);
                takeTags(repository, there.tags());
                new RemoteRefs(repository).headNamed(there.head());
            }
            return there;
        });
    }

    /** What is gone goes first: it may be in the way of what has come. */
    private void takeBranches(Repository repository, Fetched there) throws IOException {
        Map<String, ObjectId> now = branches(repository);
        Map<String, ObjectId> wanted = wanted(repository, there, now);
        List<ReceiveCommand> gone = new ArrayList<>();
        List<ReceiveCommand> come = new ArrayList<>();
        now.forEach((name, id) -> {
            if (!wanted.containsKey(name)) {
                gone.add(new ReceiveCommand(id, ObjectId.zeroId(), name));
            }
        });
        wanted.forEach((name, id) -> {
            ObjectId old = now.getOrDefault(name, ObjectId.zeroId());
            if (!old.equals(id)) {
                come.add(new ReceiveCommand(old, id, name));
            }
        });
        update(repository, gone);
        update(repository, come);
    }

    /** What has moved meanwhile stays, unless what was found there has it, and more on top. */
    private Map<String, ObjectId> wanted(Repository repository, Fetched there, Map<String, ObjectId> now)
            throws IOException {
        Map<String, ObjectId> moved = new TreeMap<>(now);
        moved.entrySet().removeIf(each -> each.getValue().equals(before.get(each.getKey())));
        RefNames pushed = new RefNames(moved.keySet());
        Map<String, ObjectId> wanted = new TreeMap<>(moved);
        try (RevWalk walk = new RevWalk(repository)) {
            for (Map.Entry<String, ObjectId> found : there.branches().entrySet()) {
                String name = RemoteRefs.PREFIX + found.getKey();
                ObjectId here = now.get(name);
                boolean untouched = Objects.equals(here, before.get(name));
                boolean newer = untouched || (here != null && has(walk, found.getValue(), here));
                if (Fetched.isRememberable(found.getKey()) && newer && !pushed.isInTheWay(name)) {
                    wanted.put(name, found.getValue());
                }
            }
        }
        return wanted;
    }

    private static boolean has(RevWalk walk, ObjectId head, ObjectId commit) throws IOException {
        try {
            return walk.isMergedInto(walk.parseCommit(commit), walk.parseCommit(head));
        } catch (IncorrectObjectTypeException e) {
            return false; // Such a branch has no history.
        }
    }

    /** Those that are new; of those that are here, none moves. */
    private static void takeTags(Repository repository, Map<String, ObjectId> tags) throws IOException {
        RefNames names =
                new RefNames(KnownRefs.direct(repository, Constants.R_TAGS).keySet());
        List<ReceiveCommand> commands = new ArrayList<>();
        new TreeMap<>(tags).forEach((name, id) -> {
            if (names.add(name)) {
                commands.add(new ReceiveCommand(ObjectId.zeroId(), id, name));
            }
        });
        update(repository, commands);
    }

    private static void update(Repository repository, List<ReceiveCommand> commands) throws IOException {
        if (commands.isEmpty()) {
            return;
        }
        BatchRefUpdate batch = repository.getRefDatabase().newBatchUpdate();
        batch.setAtomic(commands.size() > 1);
        batch.setAllowNonFastForwards(true);
        batch.disableRefLog();
        batch.addCommand(commands);
        try (RevWalk walk = new RevWalk(repository)) {
            batch.execute(walk, NullProgressMonitor.INSTANCE);
        }
        for (ReceiveCommand command : commands) {
            if (command.getResult() == ReceiveCommand.Result.LOCK_FAILURE) {
                throw new LockFailedException(new File(repository.getDirectory(), command.getRefName()));
            }
        }
        for (ReceiveCommand command : commands) {
            if (command.getResult() != ReceiveCommand.Result.OK) {
                throw new IOException("cannot update " + command.getRefName() + ": " + command.getResult()
                        + "; another git may be at work, try again");
            }
        }
    }

    private static void endAt(Repository repository, Set<ObjectId> ends) throws IOException {
        if (ends.equals(new HashSet<>(repository.getObjectDatabase().getShallowCommits()))) {
            return;
        }
        Path file = repository.getDirectory().toPath().resolve("shallow");
        if (Files.exists(file.resolveSibling("shallow.lock"), LinkOption.NOFOLLOW_LINKS)) {
            throw new LockFailedException(file.toFile()); // JGit would not say why it fails.
        }
        repository.getObjectDatabase().setShallowCommits(ends);
    }
}

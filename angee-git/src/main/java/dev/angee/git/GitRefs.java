package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.RemoteProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.ReceiveCommand;

/**
 * The refs of a cache, of which a git program gets a copy: it tells a remote by them what is here already. What a fetch
 * makes of the copy is then made of the cache. Tags are not copied, so that none can be in the way of one of the remote's.
 */
final class GitRefs {
    private static final String TAGS = "refs/tags/";
    private static final List<String> KNOWN = List.of("refs/heads/", RemoteRefs.PREFIX);

    private final Repository cache;

    GitRefs(Repository cache) {
        this.cache = cache;
    }

    /** Whether the cache has the branches as they are there. */
    boolean isUpToDate(RemoteProbe.Reached there) throws IOException {
        Map<String, ObjectId> wanted = new TreeMap<>();
        for (Map.Entry<BranchName, CommitId> branch : there.branches().entrySet()) {
            wanted.put(
                    branch.getKey().remoteTrackingName(),
                    ObjectId.fromString(branch.getValue().value()));
        }
        return direct(cache, List.of(RemoteRefs.PREFIX)).equals(wanted);
    }

    void copyTo(GitStage stage) throws IOException {
        StringBuilder text = new StringBuilder();
        direct(cache, KNOWN).forEach((name, id) -> {
            if (has(id)) {
                text.append(id.name()).append(' ').append(name).append('\n');
            }
        });
        stage.write("packed-refs", text.toString());
    }

    private boolean has(ObjectId id) {
        try {
            return cache.getObjectDatabase().has(id);
        } catch (IOException e) {
            return false; // It is then fetched again.
        }
    }

    void takeFrom(GitStage stage) throws IOException {
        Map<String, ObjectId> after;
        Map<String, ObjectId> tags;
        try (Repository fetched = new FileRepositoryBuilder()
                .setFS(InertFileSystem.INSTANCE)
                .setGitDir(stage.folder().toFile())
                .setBare()
                .build()) {
            after = direct(fetched, List.of(RemoteRefs.PREFIX));
            tags = direct(fetched, List.of(TAGS));
        }
        takeShallow(stage);
        List<ReceiveCommand> commands = new ArrayList<>();
        Map<String, ObjectId> before = direct(cache, List.of(RemoteRefs.PREFIX));
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            ObjectId old = before.getOrDefault(name, ObjectId.zeroId());
            ObjectId now = after.getOrDefault(name, ObjectId.zeroId());
            if (!old.equals(now)) {
                commands.add(new ReceiveCommand(old, now, name));
            }
        }
        update(commands);
        takeTags(tags);
    }

    private void takeTags(Map<String, ObjectId> tags) throws IOException {
        NewTags wanted = new NewTags(cache);
        List<ReceiveCommand> commands = new ArrayList<>();
        tags.forEach((name, id) -> {
            if (wanted.add(name)) {
                commands.add(new ReceiveCommand(ObjectId.zeroId(), id, name));
            }
        });
        update(commands);
    }

    private void update(List<ReceiveCommand> commands) throws IOException {
        if (commands.isEmpty()) {
            return;
        }
        BatchRefUpdate batch = cache.getRefDatabase().newBatchUpdate();
        batch.setAtomic(commands.size() > 1);
        batch.setAllowNonFastForwards(true);
        batch.disableRefLog();
        batch.addCommand(commands);
        try (RevWalk walk = new RevWalk(cache)) {
            batch.execute(walk, NullProgressMonitor.INSTANCE);
        }
        for (ReceiveCommand command : commands) {
            if (command.getResult() != ReceiveCommand.Result.OK) {
                throw new IOException("cannot update " + command.getRefName() + ": " + command.getResult()
                        + "; another git may be at work, try again");
            }
        }
    }

    private void takeShallow(GitStage stage) throws IOException {
        Path file = stage.folder().resolve("shallow");
        Set<ObjectId> ends = new HashSet<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                ends.add(ObjectId.fromString(line.strip()));
            }
        }
        if (!ends.equals(Set.copyOf(cache.getObjectDatabase().getShallowCommits()))) {
            cache.getObjectDatabase().setShallowCommits(ends);
        }
    }

    /** Remembers which branch the remote's HEAD names. */
    void headNamed(Optional<BranchName> branch) throws IOException {
        RefUpdate update = cache.updateRef(RemoteRefs.HEAD, true);
        update.disableRefLog();
        if (branch.isPresent()) {
            RemoteRefs.check(update.link(branch.get().remoteTrackingName()), RemoteRefs.HEAD);
        } else if (cache.exactRef(RemoteRefs.HEAD) != null) {
            update.setForceUpdate(true);
            RemoteRefs.check(update.delete(), RemoteRefs.HEAD);
        }
    }

    private static Map<String, ObjectId> direct(Repository repository, List<String> prefixes) throws IOException {
        Map<String, ObjectId> found = new TreeMap<>();
        for (String prefix : prefixes) {
            for (Ref ref : repository.getRefDatabase().getRefsByPrefix(prefix)) {
                if (!ref.isSymbolic() && ref.getObjectId() != null) {
                    found.put(ref.getName(), ref.getObjectId());
                }
            }
        }
        return found;
    }
}

package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.PushOutcome;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;

/** The remote of a cache. */
final class Origin {
    static final String REFSPEC = "+refs/heads/*:refs/remotes/origin/*";
    private static final int ATTEMPTS = 5;
    private static final int LONGEST_MESSAGE = 2000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Set<String> DENYING = Set.of("refuse", "true", "updateinstead");
    private static final Set<RefUpdate.Result> FINE = Set.of(
            RefUpdate.Result.NEW, RefUpdate.Result.FORCED, RefUpdate.Result.FAST_FORWARD, RefUpdate.Result.NO_CHANGE);

    private final Repository cache;
    private final GitUrl url;
    private final RemoteSession session;

    Origin(Repository cache, GitUrl url, Credentials credentials) {
        this.cache = cache;
        this.url = url;
        this.session = new RemoteSession(url, credentials);
    }

    /** Makes the remote-tracking branches, and the branch that HEAD names, as they are there now. */
    void fetch(FetchOptions options) throws IOException {
        Optional<File> local = localFolder();
        if (local.isEmpty()) {
            fetchWithRetries(options, depth(options, List.of()));
            return;
        }
        RepositoryFormat.checkRemote(local.get().toPath());
        OptionalInt depth = depth(options, ShallowBoundary.endsOf(local.get()));
        new ShallowBoundary(cache).fetchingFrom(local.get(), () -> {
            fetchWithRetries(options, depth);
            return url;
        });
    }

    /** All commits are wanted: then what the cache lacks of them, and the remote has, is to be fetched too. */
    private OptionalInt depth(FetchOptions options, List<ObjectId> endsThere) throws IOException {
        boolean lacking =
                !Set.copyOf(endsThere).containsAll(cache.getObjectDatabase().getShallowCommits());
        return options.depth().isEmpty() && lacking ? OptionalInt.of(Constants.INFINITE_DEPTH) : options.depth();
    }

    private void fetchWithRetries(FetchOptions options, OptionalInt depth) throws IOException {
        for (int attempt = 1; ; attempt++) {
            FetchResult result = fetchOnce(options, depth, TagOpt.AUTO_FOLLOW);
            List<RefSpec> tags = List.of();
            if (hasTagsInTheWay(result)) {
                // All of it failed then.
                tags = new NewTags(cache).among(result.getAdvertisedRefs(), cache);
                result = fetchOnce(options, depth, TagOpt.NO_TAGS);
            }
            Optional<TrackingRefUpdate> failed = result.getTrackingRefUpdates().stream()
                    .filter(update -> !FINE.contains(update.getResult()))
                    .filter(update -> !update.getLocalName().startsWith(Constants.R_TAGS))
                    .findFirst();
            if (failed.isEmpty()) {
                new RemoteRefs(cache).headNamed(result.getAdvertisedRefs());
                fetchTags(options, tags);
                return;
            }
            // JGit does not throw for these. Only the user's own git can hold such a lock: ours is taken.
            if (failed.get().getResult() != RefUpdate.Result.LOCK_FAILURE || attempt == ATTEMPTS) {
                RemoteRefs.check(failed.get().getResult(), failed.get().getLocalName());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private FetchResult fetchOnce(FetchOptions options, OptionalInt depth, TagOpt tagOpt) {
        return talking(transport -> {
            transport.setTagOpt(tagOpt);
            transport.setRemoveDeletedRefs(true);
            depth.ifPresent(transport::setDepth);
            return transport.fetch(new ProgressBridge(options.progress()), List.of(new RefSpec(REFSPEC)));
        });
    }

    /** Whether a tag of the remote could not be put beside those that are here already. */
    private boolean hasTagsInTheWay(FetchResult result) throws IOException {
        NewTags room = new NewTags(cache);
        return result.getTrackingRefUpdates().stream()
                .filter(update -> !FINE.contains(update.getResult()))
                .anyMatch(update -> room.isInTheWay(update.getLocalName()));
    }

    private void fetchTags(FetchOptions options, List<RefSpec> tags) {
        if (!tags.isEmpty()) {
            talking(transport -> {
                transport.setTagOpt(TagOpt.NO_TAGS);
                return transport.fetch(new ProgressBridge(options.progress()), tags);
            });
        }
    }

    /** Moves a branch of the remote to the commit, never by force; from the commit it is expected at, if one is given. */
    PushOutcome push(ObjectId commit, BranchName branch, Optional<ObjectId> expected) throws IOException {
        return push(commit, branch, expected, false);
    }

    /** Moves a branch of the remote from the commit that it is expected at to one that need not have it. */
    PushOutcome replace(ObjectId expected, ObjectId commit, BranchName branch) throws IOException {
        return push(commit, branch, Optional.of(expected), true);
    }

    private PushOutcome push(ObjectId commit, BranchName branch, Optional<ObjectId> expected, boolean replacing)
            throws IOException {
        if (isCheckedOutThere(branch)) {
            return new PushOutcome.Rejected("the branch is checked out in the remote repository '" + url + "'");
        }
        RemoteRefUpdate update = new RemoteRefUpdate(
                cache, commit.name(), commit, branch.fullName(), replacing, null, expected.orElse(null));
        PushResult result = talking(transport -> transport.push(NullProgressMonitor.INSTANCE, List.of(update), null));
        return switch (update.getStatus()) {
            case OK, UP_TO_DATE -> {
                new RemoteRefs(cache).moved(branch, commit);
                yield new PushOutcome.Pushed(RemoteRefs.id(commit));
            }
            case REJECTED_NONFASTFORWARD ->
                new PushOutcome.Rejected(
                        "the remote's '" + branch + "' has commits that are not here; fetch and merge them");
            case REJECTED_REMOTE_CHANGED ->
                new PushOutcome.Rejected("the remote's '" + branch + "' has moved since it was last fetched");
            default -> new PushOutcome.Rejected(reasonOf(update, result.getMessages()));
        };
    }

    /** The status, and what the remote's hooks had to say. */
    private static String reasonOf(RemoteRefUpdate update, String messages) {
        String status = update.getMessage();
        if (status == null || status.isBlank()) {
            status = update.getStatus().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        String said = messages.strip();
        return said.isEmpty() ? status : status + ": " + said.substring(0, Math.min(said.length(), LONGEST_MESSAGE));
    }

    /** JGit's own end of a push to a folder does not look; git refuses, since the other worktree would fall behind. */
    private boolean isCheckedOutThere(BranchName branch) throws IOException {
        Optional<File> folder = localFolder();
        if (folder.isEmpty()) {
            return false;
        }
        try (Repository remote = new FileRepositoryBuilder()
                .setFS(InertFileSystem.INSTANCE)
                .setGitDir(folder.get())
                .build()) {
            String deny = remote.getConfig().getString("receive", null, "denyCurrentBranch");
            return !remote.isBare()
                    && branch.fullName().equals(remote.getFullBranch())
                    && (deny == null || DENYING.contains(deny.toLowerCase(Locale.ROOT)));
        }
    }

    private Optional<File> localFolder() {
        return session.isLocal()
                ? Optional.ofNullable(FileKey.resolve(new File(session.uri().getPath()), InertFileSystem.INSTANCE))
                : Optional.empty();
    }

    private <T> T talking(RemoteSession.Talk<T> talk) {
        return session.talking(cache, talk);
    }
}

package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.PushOutcome;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;

/** The remote of a cache, talked to by JGit. */
final class Origin implements PushEnd {
    static final String REFSPEC = "+refs/heads/*:refs/remotes/origin/*";
    private static final int LONGEST_MESSAGE = 2000;
    private static final Set<String> DENYING = Set.of("refuse", "true", "updateinstead");

    private final Repository cache;
    private final GitUrl url;
    private final RemoteSession session;

    Origin(Repository cache, GitUrl url, Credentials credentials) {
        this.cache = cache;
        this.url = url;
        this.session = new RemoteSession(url, credentials);
    }

    /** Where the remote of a cache is, as that has it written down. */
    static GitUrl urlOf(Repository cache) {
        String url = cache.getConfig().getString("remote", Constants.DEFAULT_REMOTE_NAME, "url");
        if (url == null) {
            throw new AngeeException(
                    ErrorCode.FAILED, "the cache '" + cache.getDirectory() + "' has no remote; fetch it");
        }
        return GitUrl.of(url);
    }

    /** Fetches what the cache lacks of it; objects go to the cache, and the rest of that stays as it is. */
    Fetched fetch(FetchOptions options) throws IOException {
        Optional<File> local = localFolder();
        if (local.isPresent()) {
            RepositoryFormat.checkRemote(local.get().toPath());
        }
        try (JGitStage stage = JGitStage.over(cache)) {
            Repository into = stage.repository();
            if (local.isEmpty()) {
                return fetch(into, options, depth(options, List.of()));
            }
            OptionalInt depth = depth(options, ShallowBoundary.endsOf(local.get()));
            return new ShallowBoundary(into).fetchingFrom(local.get(), () -> fetch(into, options, depth));
        }
    }

    /** All commits are wanted: then what the cache lacks of them, and the remote has, is to be fetched too. */
    private OptionalInt depth(FetchOptions options, List<ObjectId> endsThere) throws IOException {
        boolean lacking =
                !Set.copyOf(endsThere).containsAll(cache.getObjectDatabase().getShallowCommits());
        return options.depth().isEmpty() && lacking ? OptionalInt.of(Constants.INFINITE_DEPTH) : options.depth();
    }

    private Fetched fetch(Repository into, FetchOptions options, OptionalInt depth) throws IOException {
        FetchResult result = session.talking(into, transport -> {
            transport.setTagOpt(TagOpt.AUTO_FOLLOW);
            transport.setDryRun(true); // All of it but the refs.
            depth.ifPresent(transport::setDepth);
            return transport.fetch(new ProgressBridge(options.progress()), List.of(new RefSpec(Fetched.REFSPEC)));
        });
        Map<String, ObjectId> branches = new TreeMap<>();
        Map<String, ObjectId> tags = new TreeMap<>();
        for (TrackingRefUpdate update : result.getTrackingRefUpdates()) {
            String name = update.getLocalName();
            if (name.startsWith(Constants.R_TAGS)) {
                tags.put(name, update.getNewObjectId());
            } else {
                branches.put(name.substring(Fetched.THERE.length()), update.getNewObjectId());
            }
        }
        Optional<String> head = RemoteRefs.branchAtHead(result.getAdvertisedRefs())
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(name -> name.substring(Constants.R_HEADS.length()));
        return new Fetched(branches, tags, into.getObjectDatabase().getShallowCommits(), head);
    }

    @Override
    public PushOutcome forward(ObjectId commit, BranchName to) throws IOException {
        return push(commit, to, Optional.empty(), false);
    }

    @Override
    public PushOutcome from(ObjectId expected, ObjectId commit, BranchName to) throws IOException {
        return push(commit, to, Optional.of(expected), true);
    }

    private PushOutcome push(ObjectId commit, BranchName branch, Optional<ObjectId> expected, boolean replacing)
            throws IOException {
        if (isCheckedOutThere(branch)) {
            return new PushOutcome.Rejected("the branch is checked out in the remote repository '" + url + "'");
        }
        RemoteRefUpdate update = new RemoteRefUpdate(
                cache, commit.name(), commit, branch.fullName(), replacing, null, expected.orElse(null));
        PushResult result = session.talking(
                cache, transport -> transport.push(NullProgressMonitor.INSTANCE, List.of(update), null));
        return switch (update.getStatus()) {
            case OK, UP_TO_DATE -> new PushOutcome.Pushed(RemoteRefs.id(commit));
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
}

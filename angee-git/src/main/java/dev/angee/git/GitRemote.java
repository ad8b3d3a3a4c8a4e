package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoteProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** A remote, talked to by the git program. */
final class GitRemote {
    private static final Pattern REASON = Pattern.compile("\\[(remote rejected|rejected|remote failure)] \\((.*)\\)");

    private final GitProgram program;
    private final GitUrl url;
    private final Credentials credentials;

    GitRemote(GitProgram program, GitUrl url, Credentials credentials) {
        this.program = program;
        this.url = url;
        this.credentials = credentials.at(url);
    }

    RemoteProbe probe() throws IOException {
        try (GitStage stage = GitStage.empty(program)) {
            GitAccess.grant(stage, url, credentials);
            GitResult result = list(stage, GitCommand.lsRemote(url), FetchProgress.none());
            return result.succeeded()
                    ? GitListing.parse(result.text()).reached()
                    : GitRefusal.of(result.complaint()).asProbe(result.complaint());
        } catch (GitTimeout e) {
            return new RemoteProbe.Unreachable("it did not answer in time");
        }
    }

    /**
     * Fetches what the cache lacks.
     *
     * @param cache whose objects it goes to; the rest stays as it is
     */
    Fetched fetch(Repository cache, FetchOptions options) throws IOException {
        GitListing there;
        try (GitStage stage = GitStage.empty(program)) {
            GitAccess.grant(stage, url, credentials);
            there = GitListing.parse(answered(list(stage, GitCommand.lsRemoteWithTags(url), options.progress()))
                    .text());
        }
        Set<ObjectId> ends = Set.copyOf(cache.getObjectDatabase().getShallowCommits());
        if (ends.isEmpty() && options.depth().isEmpty() && there.isHere(cache)) {
            return new Fetched(there.branches(), Map.of(), ends, there.head());
        }
        try (GitStage stage = GitStage.over(program, cache.getDirectory().toPath())) {
            GitAccess.grant(stage, url, credentials);
            stage.write(
                    "packed-refs",
                    new KnownRefs(cache).packed(there.branches()::containsKey, there.tags()::containsKey));
            boolean unshallow = !ends.isEmpty() && options.depth().isEmpty();
            GitResult unused =
                    answered(stage.run(GitCommand.fetch(url, options.depth(), unshallow), options.progress()));
            return fetched(stage, there.head());
        }
    }

    private static Fetched fetched(GitStage stage, Optional<String> head) throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                .setFS(InertFileSystem.WITHOUT_CONFIGURATION)
                .setGitDir(stage.folder().toFile())
                .setBare()
                .build()) {
            Map<String, ObjectId> branches = new LinkedHashMap<>();
            KnownRefs.direct(repository, Fetched.THERE)
                    .forEach((name, id) -> branches.put(name.substring(Fetched.THERE.length()), id));
            return new Fetched(
                    branches,
                    KnownRefs.direct(repository, Constants.R_TAGS),
                    repository.getObjectDatabase().getShallowCommits(),
                    head);
        }
    }

    /**
     * Asks for the branches. Over HTTP, git takes any page for an old server's list of none; so one without branches
     * counts only if packets of git's own came when asked again, else a portal's page would make a cache forget its
     * branches. Not asked so the first time, since all that a remote says would be written down.
     */
    private GitResult list(GitStage stage, GitCommand command, FetchProgress progress) throws IOException {
        GitResult result = stage.run(command, progress);
        boolean nothing = result.succeeded()
                && result.bytes().isBlank()
                && GitAccess.scheme(url).startsWith("http");
        if (!nothing) {
            return result;
        }
        Path packets = stage.folder().resolve("packets");
        stage.with("GIT_TRACE_PACKET", packets.toString());
        result = stage.run(command, progress);
        return result.succeeded() && result.bytes().isBlank() && (Files.notExists(packets) || Files.size(packets) == 0)
                ? new GitResult(1, "", "what answers there is not git")
                : result;
    }

    private GitResult answered(GitResult result) {
        if (result.succeeded()) {
            return result;
        }
        throw new AngeeException(
                ErrorCode.UNAVAILABLE,
                "cannot reach '" + url + "': " + GitRefusal.brief(result.complaint()) + "; "
                        + GitRefusal.of(result.complaint()).advice());
    }

    /** The remote of a cache, as one to push to. */
    PushEnd pushingFrom(Repository cache) {
        return new PushEnd() {
            @Override
            public PushOutcome forward(ObjectId commit, BranchName to) throws IOException {
                return push(cache, commit, to, Optional.empty());
            }

            @Override
            public PushOutcome from(ObjectId expected, ObjectId commit, BranchName to) throws IOException {
                return push(cache, commit, to, Optional.of(expected));
            }
        };
    }

    private PushOutcome push(Repository cache, ObjectId commit, BranchName to, Optional<ObjectId> lease)
            throws IOException {
        GitResult result;
        try (GitStage stage = GitStage.over(program, cache.getDirectory().toPath())) {
            GitAccess.grant(stage, url, credentials);
            stage.write("packed-refs", new KnownRefs(cache).packed());
            result = stage.run(GitCommand.push(url, RemoteRefs.id(commit), to, lease.map(RemoteRefs::id)));
        }
        Optional<String> refused = refusal(result);
        if (refused.isPresent()) {
            return new PushOutcome.Rejected(spoken(refused.get(), to, result.complaint()));
        }
        answered(result);
        return new PushOutcome.Pushed(RemoteRefs.id(commit));
    }

    /** What stands in the line about the branch, if it was refused. */
    private static Optional<String> refusal(GitResult result) {
        return result.bytes()
                .lines()
                .filter(line -> line.startsWith("!\t"))
                .map(line -> GitResult.readable(line.substring(line.lastIndexOf('\t') + 1)))
                .findFirst();
    }

    private static String spoken(String summary, BranchName to, String complaint) {
        Matcher matcher = REASON.matcher(summary);
        String reason = matcher.matches() ? matcher.group(2) : summary;
        return switch (reason) {
            case "fetch first", "non-fast-forward" ->
                "the remote's '" + to + "' has commits that are not here; fetch and merge them";
            case "stale info" -> "the remote's '" + to + "' has moved since it was last fetched";
            default -> {
                List<String> said = new ArrayList<>(List.of(reason));
                complaint
                        .lines()
                        .filter(line -> line.startsWith("remote: "))
                        .map(line -> line.substring("remote: ".length()).strip())
                        .forEach(said::add);
                yield GitRefusal.brief(String.join("\n", said));
            }
        };
    }
}

package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/** A remote, talked to by the git program. */
final class GitRemote {
    private static final Pattern HEAD = Pattern.compile("ref: refs/heads/(\\S+)\tHEAD");
    private static final Pattern DETACHED = Pattern.compile("([0-9a-f]{40})\tHEAD");
    private static final Pattern BRANCH = Pattern.compile("([0-9a-f]{40})\trefs/heads/(\\S+)");
    private static final Pattern SHA256 = Pattern.compile("(?m)^[0-9a-f]{64}\t");
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
            GitResult result = list(stage, FetchProgress.none());
            return result.succeeded()
                    ? reached(result.text())
                    : GitRefusal.of(result.complaint()).asProbe(result.complaint());
        } catch (GitTimeout e) {
            return new RemoteProbe.Unreachable("it did not answer in time");
        }
    }

    /** What {@code ls-remote --symref} printed; branches with names that nothing here could use are left out. */
    static RemoteProbe.Reached reached(String printed) {
        if (SHA256.matcher(printed).find()) {
            throw new AngeeException(ErrorCode.UNSUPPORTED, "the remote has SHA-256 ids, which is not supported");
        }
        Optional<BranchName> head = Optional.empty();
        Optional<CommitId> detached = Optional.empty();
        Map<BranchName, CommitId> branches = new LinkedHashMap<>();
        for (String line : printed.split("\n", -1)) {
            Matcher symbolic = HEAD.matcher(line);
            Matcher branch = BRANCH.matcher(line);
            Matcher commit = DETACHED.matcher(line);
            if (symbolic.matches()) {
                head = name(symbolic.group(1));
            } else if (commit.matches()) {
                detached = Optional.of(new CommitId(commit.group(1)));
            } else if (branch.matches()) {
                name(branch.group(2)).ifPresent(name -> branches.put(name, new CommitId(branch.group(1))));
            }
        }
        Optional<BranchName> at = head.isPresent() ? head : detached.flatMap(id -> branchAt(id, branches));
        return new RemoteProbe.Reached(at.filter(branches::containsKey), branches);
    }

    /** Of a remote whose HEAD names no branch, one that is at its commit. */
    private static Optional<BranchName> branchAt(CommitId head, Map<BranchName, CommitId> branches) {
        return branches.entrySet().stream()
                .filter(each -> each.getValue().equals(head))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing((BranchName name) -> RemoteRefs.rank(name.fullName()))
                        .thenComparing(BranchName::value));
    }

    private static Optional<BranchName> name(String text) {
        try {
            return Optional.of(BranchName.of(text));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    /** Makes the cache's picture of the remote what the remote is now. */
    void fetch(Repository cache, FetchOptions options) throws IOException {
        GitRefs refs = new GitRefs(cache);
        GitResult listed;
        try (GitStage stage = GitStage.empty(program)) {
            GitAccess.grant(stage, url, credentials);
            listed = answered(list(stage, options.progress()));
        }
        RemoteProbe.Reached there = reached(listed.text());
        boolean shallow = !cache.getObjectDatabase().getShallowCommits().isEmpty();
        if (shallow || options.depth().isPresent() || !refs.isUpToDate(there)) {
            try (GitStage stage = GitStage.over(program, cache.getDirectory().toPath())) {
                GitAccess.grant(stage, url, credentials);
                refs.copyTo(stage);
                talk(
                        stage,
                        GitCommand.fetch(
                                url, options.depth(), shallow && options.depth().isEmpty()),
                        options);
                refs.takeFrom(stage);
            }
        }
        refs.headNamed(there.defaultBranch());
    }

    /**
     * Asks for the branches. Over HTTP, git takes any page for an old server's list of none; so one without branches
     * counts only if packets of git's own came when asked again, else a portal's page would make a cache forget its
     * branches. Not asked so the first time, since all that a remote says would be written down.
     */
    private GitResult list(GitStage stage, FetchProgress progress) throws IOException {
        GitResult result = stage.run(GitCommand.lsRemote(url), progress);
        boolean nothing = result.succeeded()
                && result.bytes().isBlank()
                && GitAccess.scheme(url).startsWith("http");
        if (!nothing) {
            return result;
        }
        Path packets = stage.folder().resolve("packets");
        stage.with("GIT_TRACE_PACKET", packets.toString());
        result = stage.run(GitCommand.lsRemote(url), progress);
        return result.succeeded() && result.bytes().isBlank() && (Files.notExists(packets) || Files.size(packets) == 0)
                ? new GitResult(1, "", "what answers there is not git")
                : result;
    }

    private GitResult talk(GitStage stage, GitCommand command, FetchOptions options) throws IOException {
        return answered(stage.run(command, options.progress()));
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

    /**
     * Moves a branch of the remote.
     *
     * @param lease where it has to be before, zeros for nowhere; it may then lose that. Else it only moves forward
     */
    PushOutcome push(Repository cache, ObjectId commit, BranchName to, Optional<ObjectId> lease) throws IOException {
        GitResult result;
        try (GitStage stage = GitStage.over(program, cache.getDirectory().toPath())) {
            GitAccess.grant(stage, url, credentials);
            new GitRefs(cache).copyTo(stage);
            result = stage.run(GitCommand.push(url, RemoteRefs.id(commit), to, lease.map(RemoteRefs::id)));
        }
        Optional<String> refused = refusal(result);
        if (refused.isPresent()) {
            return new PushOutcome.Rejected(spoken(refused.get(), to, result.complaint()));
        }
        answered(result);
        new RemoteRefs(cache).moved(to, commit);
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

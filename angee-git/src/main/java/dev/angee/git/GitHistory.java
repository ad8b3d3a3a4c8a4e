package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitFiles;
import dev.angee.source.CommitId;
import dev.angee.source.Distance;
import dev.angee.source.FileDiff;
import dev.angee.source.History;
import dev.angee.source.MergePreview;
import dev.angee.source.Previews;
import dev.angee.source.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a cache with JGit, and looks at merges with the git program, which then writes into a folder of its own. */
final class GitHistory implements History {
    private final Cache cache;
    private final GitProgram program;
    private final History jgit;

    GitHistory(Cache cache, GitProgram program) {
        this.cache = cache;
        this.program = program;
        this.jgit = new JGitHistory(cache);
    }

    @Override
    public BranchName defaultBranch() {
        return jgit.defaultBranch();
    }

    @Override
    public Optional<CommitId> remoteBranch(BranchName branch) {
        return jgit.remoteBranch(branch);
    }

    @Override
    public Optional<CommitId> localBranch(BranchName branch) {
        return jgit.localBranch(branch);
    }

    @Override
    public Optional<Instant> fetched() {
        return jgit.fetched();
    }

    @Override
    public Map<BranchName, CommitId> remoteBranches() {
        return jgit.remoteBranches();
    }

    @Override
    public Optional<CommitId> resolve(Revision revision) {
        return jgit.resolve(revision);
    }

    @Override
    public int commitsNowhereElse(BranchName branch) {
        return jgit.commitsNowhereElse(branch);
    }

    @Override
    public List<Commit> log(CommitId from, int most) {
        return jgit.log(from, most);
    }

    @Override
    public List<FileDiff> diff(CommitId from, CommitId to) {
        return jgit.diff(from, to);
    }

    @Override
    public Optional<byte[]> file(CommitId at, String path) {
        return jgit.file(at, path);
    }

    @Override
    public CommitFiles files(CommitId at) {
        return jgit.files(at);
    }

    @Override
    public MergePreview preview(CommitId into, CommitId what) {
        try (Previews previews = previews()) {
            return previews.of(into, what);
        }
    }

    @Override
    public Previews previews() {
        return new CachePreviews(cache, new GitPreview(program, cache));
    }

    @Override
    public Distance distance(CommitId one, CommitId other) {
        return jgit.distance(one, other);
    }
}

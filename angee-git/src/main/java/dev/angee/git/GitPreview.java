package dev.angee.git;

import dev.angee.source.MergePreview;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;

/** Looks at merges with the git program, which writes into one folder of its own for all of them. */
final class GitPreview implements CachePreviews.Look {
    private final GitProgram program;
    private final Cache cache;
    private Optional<GitStage> stage = Optional.empty();

    GitPreview(GitProgram program, Cache cache) {
        this.program = program;
        this.cache = cache;
    }

    @Override
    public MergePreview at(Repository repository, RevCommit into, RevCommit what) throws IOException {
        MergedTree.requireCommonHistory(repository, into, what);
        GitMerge merge = GitMerge.of(stage(), into, what);
        return new MergePreview(merge.files(), !merge.isClean() || !merge.tree().equals(into.getTree()));
    }

    /** The cache's objects are looked at each time, as each time git is to read them. */
    private synchronized GitStage stage() throws IOException {
        if (stage.isPresent()) {
            CacheLayout.checkObjects(cache.folder());
            return stage.get();
        }
        GitStage made = GitStage.beside(program, cache.folder());
        stage = Optional.of(made);
        return made;
    }

    @Override
    public synchronized void close() throws IOException {
        if (stage.isPresent()) {
            stage.get().close();
        }
    }
}

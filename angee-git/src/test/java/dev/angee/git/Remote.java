package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;

import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A remote made by real git, a clone of it in which others work, and the place for a cache.
 *
 * @param folder where all of it is
 */
record Remote(Path folder) {
    static final BranchName MAIN = BranchName.of("main");
    static final BranchName WORK = BranchName.of("workspace/x");
    static final Author ANN = new Author("Ann", "ann@example.invalid");

    static Remote in(Path folder) throws IOException, InterruptedException {
        Remote remote = new Remote(folder.toRealPath());
        git(remote.folder, "init", "-q", "--bare", "-b", "main", remote.origin().toString());
        git(remote.folder, "init", "-q", "-b", "main", remote.others().toString());
        git(remote.others(), "remote", "add", "origin", remote.origin().toString());
        write(remote.others().resolve("a.txt"), "one\ntwo\nthree\n");
        remote.commitAll();
        return remote;
    }

    Path origin() {
        return folder.resolve("origin.git");
    }

    Path others() {
        return folder.resolve("others");
    }

    Path cache() {
        return folder.resolve("caches").resolve("app.git");
    }

    GitUrl url() {
        return GitUrl.of(origin().toString());
    }

    /** Others commit and push what lies about in their clone, on main. */
    void commitAll() throws IOException, InterruptedException {
        git(others(), "add", "-A");
        git(others(), "commit", "-q", "-m", "change");
        git(others(), "push", "-q", "origin", "main");
    }

    void fetch(SourceControl sourceControl) {
        sourceControl.fetch(url(), cache(), FetchOptions.defaults());
    }

    Worktree add(SourceControl sourceControl, String name, BranchName branch) {
        Worktree worktree = new Worktree(cache(), folder.resolve(name));
        sourceControl.addWorktree(worktree, branch, MAIN, FetchProgress.none());
        return worktree;
    }

    /** The folder in which the cache keeps its record of the worktree. */
    Path recordOf(Worktree worktree) throws IOException {
        return new Cache(cache()).recordOf(worktree).folder();
    }
}

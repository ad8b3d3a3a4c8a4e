package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.GitUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A command of the git program. There is one method for each that is ever given, and each takes values that were checked
 * when they were made: a full id, a branch that git allows, a URL of a kind that runs nothing. None can pass for an option.
 *
 * @param arguments what comes after the program's name
 * @param deadline how long it may take
 */
record GitCommand(List<String> arguments, Duration deadline) {
    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    private static final Duration STATUS = Duration.ofSeconds(15);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration VERY_LONG = Duration.ofHours(2);
    private static final String ZERO = ObjectId.zeroId().name();

    static GitCommand version() {
        return new GitCommand(List.of("version"), AT_ONCE);
    }

    /** The branches of a remote, and which one its HEAD names. */
    static GitCommand lsRemote(GitUrl url) {
        return new GitCommand(List.of("ls-remote", "--symref", "--", url.value(), "HEAD", "refs/heads/*"), SOON);
    }

    /** The same, and its tags. */
    static GitCommand lsRemoteWithTags(GitUrl url) {
        List<String> arguments = new ArrayList<>(lsRemote(url).arguments());
        arguments.add("refs/tags/*");
        return new GitCommand(List.copyOf(arguments), SOON);
    }

    /** All branches of a remote, with tags that are on them. */
    static GitCommand fetch(GitUrl url, OptionalInt depth, boolean unshallow) {
        List<String> arguments = new ArrayList<>(List.of(
                "fetch",
                "--progress",
                "--no-write-fetch-head",
                "--no-auto-maintenance",
                "--no-recurse-submodules",
                "--no-show-forced-updates",
                "--update-shallow",
                "--prune"));
        depth.ifPresent(commits -> arguments.add("--depth=" + commits));
        if (unshallow) {
            arguments.add("--unshallow");
        }
        arguments.addAll(List.of("--", url.value(), Fetched.REFSPEC));
        return new GitCommand(List.copyOf(arguments), VERY_LONG);
    }

    /**
     * Moves a branch of a remote.
     *
     * @param lease where it has to be, all zeros for nowhere; whatever it then loses. Without one, it only moves forward
     */
    static GitCommand push(GitUrl url, CommitId commit, BranchName to, Optional<CommitId> lease) {
        List<String> arguments = new ArrayList<>(
                List.of("push", "--porcelain", "--no-verify", "--no-recurse-submodules", "--no-signed"));
        lease.ifPresent(old -> arguments.add(
                "--force-with-lease=" + to.fullName() + ":" + (ZERO.equals(old.value()) ? "" : old.value())));
        arguments.addAll(List.of("--", url.value(), commit + ":" + to.fullName()));
        return new GitCommand(List.copyOf(arguments), VERY_LONG);
    }

    /** Merges two commits in the object store alone. */
    static GitCommand mergeTree(ObjectId ours, ObjectId theirs) {
        return new GitCommand(
                List.of("merge-tree", "--write-tree", "-z", "--messages", "--", ours.name(), theirs.name()), LONG);
    }

    /** The commits, oldest first, that one has and the other has not, neither as such nor as the same change. */
    static GitCommand missingFrom(ObjectId onto, ObjectId head) {
        return new GitCommand(
                List.of(
                        "rev-list",
                        "--topo-order",
                        "--reverse",
                        "--no-merges",
                        "--cherry-pick",
                        "--right-only",
                        onto.name() + "..." + head.name(),
                        "--"),
                LONG);
    }

    /** Writes all files of a tree where there are none. */
    static GitCommand checkOutNew(ObjectId tree) {
        return new GitCommand(List.of("read-tree", "-m", "-u", "-v", "--", tree.name()), VERY_LONG);
    }

    /** Makes files and index those of another tree; refuses to touch what differs from the first. */
    static GitCommand checkOut(ObjectId from, ObjectId to) {
        return new GitCommand(List.of("read-tree", "-m", "-u", "--", from.name(), to.name()), LONG);
    }

    /** Makes the index that of a tree, and touches no file. */
    static GitCommand readTree(ObjectId tree) {
        return new GitCommand(List.of("read-tree", "--", tree.name()), LONG);
    }

    /** Makes files and index those of a tree, whatever was changed in those that the index knows. */
    static GitCommand discard(ObjectId tree) {
        return new GitCommand(List.of("read-tree", "--reset", "-u", "--", tree.name()), LONG);
    }

    /** Takes a merge back that may have been begun among other changes, which stay. */
    static GitCommand resetMerge(ObjectId commit) {
        return new GitCommand(List.of("reset", "--merge", "--quiet", commit.name(), "--"), LONG);
    }

    /** Looks at files that only seem to be changed. */
    static GitCommand refresh() {
        return new GitCommand(List.of("update-index", "-q", "--refresh"), LONG);
    }

    /** Puts entries into the index that are read from the standard input. */
    static GitCommand indexInfo() {
        return new GitCommand(List.of("update-index", "-z", "--index-info"), SOON);
    }

    /** What is uncommitted. */
    static GitCommand status() {
        return new GitCommand(
                List.of(
                        "status",
                        "--porcelain=v2",
                        "-z",
                        "--untracked-files=all",
                        "--ignore-submodules=all",
                        "--no-renames",
                        "--no-ahead-behind"),
                STATUS);
    }

    /** The same command, which may take less time. */
    GitCommand soon() {
        return new GitCommand(arguments, SOON);
    }

    /** The command's name, for errors. */
    String name() {
        return "git " + arguments.get(0);
    }
}

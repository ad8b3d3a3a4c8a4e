package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitFile;
import dev.angee.source.CommitFiles;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.Distance;
import dev.angee.source.FileDiff;
import dev.angee.source.History;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.MergePreview;
import dev.angee.source.Previews;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControlInfo;
import dev.angee.source.Worktree;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a {@link History} promises. */
public abstract class HistoryContract extends SourceControlFixture {
    @Test
    void the_branches_of_the_remote_come_with_their_commits_in_the_order_of_their_names() throws Exception {
        CommitId main = there("main");
        CommitId b = othersCommit("b", "b.txt", "b\n");
        CommitId deep = othersCommit("a/deep", "d.txt", "d\n");
        fetch();
        add("w", WORK);
        assertThat(List.copyOf(it().history(cache).remoteBranches().entrySet()))
                .containsExactly(
                        Map.entry(BranchName.of("a/deep"), deep),
                        Map.entry(BranchName.of("b"), b),
                        Map.entry(MAIN, main));
    }

    @Test
    void history_is_what_was_last_fetched_and_is_read_anew_each_time() throws Exception {
        fetch();
        History history = it().history(cache);
        CommitId before = there("main");
        CommitId moved = othersCommit("main", "b.txt", "b\n");
        assertThat(history.remoteBranches()).containsEntry(MAIN, before);
        assertThat(history.resolve(Revision.of(moved))).isEmpty();
        fetch();
        assertThat(history.remoteBranches()).containsEntry(MAIN, moved);
        assertThat(history.resolve(Revision.of(moved))).contains(moved);
    }

    @Test
    void a_name_is_the_remotes_branch_before_a_local_one_before_a_tag_before_an_id() throws Exception {
        fetch();
        CommitId local = commit(add("w", WORK), "n.txt", "n\n");
        CommitId remote = othersCommit("main", "b.txt", "b\n");
        CommitId tagged = othersCommit("main", "b.txt", "c\n");
        CommitId named = othersCommit("main", "b.txt", "d\n");
        fetch();
        String name = named.abbreviated();
        git(cache, "update-ref", "refs/remotes/origin/" + name, remote.value());
        git(cache, "update-ref", "refs/heads/" + name, local.value());
        git(cache, "tag", "-a", "-m", "a tag", name, tagged.value());
        Revision revision = Revision.of(name);
        assertThat(it().history(cache).resolve(revision)).contains(remote);
        assertThat(it().history(cache).resolve(Revision.of("origin/" + name))).contains(remote);
        git(cache, "update-ref", "-d", "refs/remotes/origin/" + name);
        assertThat(it().history(cache).resolve(revision)).contains(local);
        git(cache, "update-ref", "-d", "refs/heads/" + name);
        assertThat(it().history(cache).resolve(revision))
                .as("what the tag is on, not the tag")
                .contains(tagged);
        git(cache, "update-ref", "-d", "refs/tags/" + name);
        assertThat(it().history(cache).resolve(revision)).contains(named);
        assertThat(it().history(cache).resolve(Revision.of(named))).contains(named);
        assertThat(it().history(cache).resolve(Revision.of("origin/" + name))).isEmpty();
    }

    @Test
    void the_whole_id_of_a_commit_is_that_commit_whatever_else_is_called_so_S1() throws Exception {
        fetch();
        CommitId other = commit(add("w", WORK), "evil.txt", "e\n");
        CommitId main = there("main");
        git(cache, "update-ref", "refs/tags/" + main, other.value());
        git(cache, "update-ref", "refs/heads/" + main, other.value());
        git(cache, "update-ref", "refs/remotes/origin/" + main, other.value());
        assertThat(it().history(cache).resolve(Revision.of(main))).contains(main);
        String none = "0".repeat(39) + "1";
        git(cache, "update-ref", "refs/tags/" + none, other.value());
        assertThat(it().history(cache).resolve(Revision.of(none)))
                .as("there is no such commit, so it is a name")
                .contains(other);
    }

    @Test
    void a_local_branch_is_where_it_is_whatever_the_remote_has_of_that_name() throws Exception {
        othersCommit(WORK.value(), "b.txt", "b\n");
        fetch();
        assertThat(it().history(cache).localBranch(WORK)).isEmpty();
        Worktree worktree = add("w", WORK);
        CommitId mine = commit(worktree, "n.txt", "n\n");
        git(worktree.path(), "switch", "-q", "--detach", "origin/main");
        assertThat(it().history(cache).localBranch(WORK)).contains(mine);
        assertThat(it().history(cache).localBranch(MAIN)).isEmpty();
    }

    @Test
    void it_is_known_when_a_cache_was_fetched() {
        Instant before = Instant.now();
        fetch();
        Instant first = it().history(cache).fetched().orElseThrow();
        assertThat(first).isBetween(before, Instant.now());
        fetch();
        assertThat(it().history(cache).fetched().orElseThrow()).isAfter(first);
    }

    @Test
    void a_name_that_stands_for_no_commit_is_empty() throws Exception {
        fetch();
        git(cache, "tag", "blob", "refs/remotes/origin/main:a.txt");
        String tree = git(cache, "rev-parse", "refs/remotes/origin/main^{tree}");
        for (String name : List.of("nope", "origin/nope", "0123456", "0".repeat(39) + "1", "blob", tree)) {
            assertThat(it().history(cache).resolve(Revision.of(name))).as(name).isEmpty();
        }
        assertThat(it().history(cache).resolve(Revision.of("main"))).contains(there("main"));
    }

    @Test
    void the_beginning_of_several_ids_stands_for_none() throws Exception {
        List<String> twins = commitsThatBeginAlike();
        for (int i = 0; i < 2; i++) {
            String id = gitReading(others, twins.get(i), "hash-object", "-t", "commit", "-w", "--stdin");
            git(others, "push", "-q", "origin", id + ":refs/heads/twin" + i);
        }
        fetch();
        CommitId one = there("twin0");
        CommitId other = there("twin1");
        assertThat(one).isNotEqualTo(other);
        assertThat(one.abbreviated()).isEqualTo(other.abbreviated());
        assertThat(it().history(cache).resolve(Revision.of(one.abbreviated()))).isEmpty();
        assertThat(it().history(cache).resolve(Revision.of(one))).contains(one);
        assertThat(it().history(cache).resolve(Revision.of(there("main").abbreviated())))
                .contains(there("main"));
    }

    /** Two commits whose ids have the first seven digits in common. */
    private List<String> commitsThatBeginAlike() throws Exception {
        String head = "tree " + git(others, "rev-parse", "HEAD^{tree}")
                + "\nauthor A <a@example.invalid> 1 +0000\ncommitter A <a@example.invalid> 1 +0000\n\n";
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        Map<Integer, String> seen = new HashMap<>();
        for (int i = 0; ; i++) {
            String text = head + i + "\n";
            byte[] hash = sha1.digest(("commit " + text.length() + "\0" + text).getBytes(StandardCharsets.US_ASCII));
            String twin = seen.put(ByteBuffer.wrap(hash).getInt() >>> 4, text);
            if (twin != null) {
                return List.of(twin, text);
            }
        }
    }

    @Test
    void log_begins_with_the_newest_and_ends_after_as_many_as_were_asked_for() throws Exception {
        CommitId first = there("main");
        CommitId second = othersCommit("main", "b.txt", "b\n");
        CommitId third = othersCommit("main", "b.txt", "c\n");
        fetch();
        assertThat(it().history(cache).log(third, 10)).extracting(Commit::id).containsExactly(third, second, first);
        assertThat(it().history(cache).log(third, 2)).extracting(Commit::id).containsExactly(third, second);
        assertThat(it().history(cache).log(second, 10)).extracting(Commit::id).containsExactly(second, first);
        assertThat(it().history(cache).log(third, 0)).isEmpty();
        assertThatThrownBy(() -> it().history(cache).log(third, -1)).isInstanceOf(AngeeException.class);
    }

    @Test
    void a_commit_in_the_log_has_all_its_fields() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        write(worktree.path().resolve("n.txt"), "n\n");
        Instant before = Instant.now().minusSeconds(2);
        CommitId mine = it().in(worktree).commit("Add ü\n\nand say why", ANN).orElseThrow();
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        CommitId merge = headOf(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        List<Commit> log = it().history(cache).log(merge, 10);
        assertThat(log.get(0).parents()).containsExactly(mine, theirs);
        assertThat(log).extracting(Commit::id).containsExactlyInAnyOrder(merge, mine, theirs, base);
        Commit commit =
                log.stream().filter(each -> each.id().equals(mine)).findFirst().orElseThrow();
        assertThat(commit.author()).isEqualTo("Ann Ång <ann@example.invalid>");
        assertThat(commit.summary()).isEqualTo("Add ü");
        assertThat(commit.parents()).containsExactly(base);
        assertThat(commit.time()).isBetween(before, Instant.now().plusSeconds(2));
    }

    @Test
    void diff_tells_new_deleted_renamed_and_changed_files_in_the_order_of_their_paths() throws Exception {
        write(others.resolve("gone.txt"), "gone\n");
        write(others.resolve("old name.txt"), "1\n2\n3\n4\n5\n6\n7\n8\n");
        CommitId from = othersCommit("main", "run", "#!/bin/sh\n");
        Files.delete(others.resolve("gone.txt"));
        Files.delete(others.resolve("old name.txt"));
        write(others.resolve("dir/new name.txt"), "1\n2\n3\n4\n5\n6\n7\neight\n");
        Files.setPosixFilePermissions(others.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        write(others.resolve("empty"), "");
        Files.createSymbolicLink(others.resolve("link"), Path.of("a.txt"));
        write(others.resolve("z.txt"), "z\n");
        CommitId to = othersCommit("main", "a.txt", "one\nTWO\nthree\nfour\n");
        fetch();
        assertThat(it().history(cache).diff(from, to))
                .containsExactly(
                        changed("a.txt", "100644", hunk(1, 3, 1, 4, " one", "-two", "+TWO", " three", "+four")),
                        new FileDiff(
                                Optional.of("old name.txt"),
                                Optional.of("dir/new name.txt"),
                                "100644",
                                false,
                                List.of(hunk(5, 4, 5, 4, " 5", " 6", " 7", "-8", "+eight"))),
                        new FileDiff(Optional.empty(), Optional.of("empty"), "100644", false, List.of()),
                        new FileDiff(
                                Optional.of("gone.txt"),
                                Optional.empty(),
                                "100644",
                                false,
                                List.of(hunk(1, 1, 0, 0, "-gone"))),
                        new FileDiff(
                                Optional.empty(),
                                Optional.of("link"),
                                "120000",
                                false,
                                List.of(hunk(0, 0, 1, 1, "+a.txt", "\\ No newline at end of file"))),
                        changed("run", "100755"),
                        new FileDiff(
                                Optional.empty(),
                                Optional.of("z.txt"),
                                "100644",
                                false,
                                List.of(hunk(0, 0, 1, 1, "+z"))));
        assertThat(it().history(cache).diff(to, to)).isEmpty();
    }

    @Test
    void diff_knows_binary_files_and_files_that_end_without_a_line_break() throws Exception {
        write(others.resolve("b.bin"), "a\0b");
        CommitId from = othersCommit("main", "end.txt", "one\ntwo");
        write(others.resolve("b.bin"), "a\0c");
        CommitId to = othersCommit("main", "end.txt", "one\ntwo\n");
        fetch();
        assertThat(it().history(cache).diff(from, to))
                .containsExactly(
                        new FileDiff(Optional.of("b.bin"), Optional.of("b.bin"), "100644", true, List.of()),
                        changed(
                                "end.txt",
                                "100644",
                                hunk(1, 2, 1, 2, " one", "-two", "\\ No newline at end of file", "+two")));
    }

    @Test
    void diff_takes_any_path_and_any_line() throws Exception {
        List<String> names = List.of("\ttab", "\"quoted\"", "a\\b", "sp ace", "trailing ", "ümläut", "日本", "- dash");
        for (String name : names) {
            write(others.resolve(name), "--- a/x\n+++ b/y\n@@ -1 +1 @@\ndiff --git a/x b/x\r\nend\n");
        }
        CommitId from = there("main");
        CommitId to = othersCommit("main", "zz", "z\n");
        fetch();
        List<FileDiff> diffs = it().history(cache).diff(from, to);
        assertThat(diffs)
                .extracting(diff -> diff.newPath().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(names.stream(), Stream.of("zz")).toList());
        assertThat(diffs.stream().filter(diff -> names.contains(diff.newPath().orElseThrow())))
                .allSatisfy(diff -> assertThat(diff.hunks())
                        .containsExactly(hunk(
                                0, 0, 1, 5, "+--- a/x", "++++ b/y", "+@@ -1 +1 @@", "+diff --git a/x b/x\r", "+end")));
    }

    @Test
    void a_hunk_says_what_its_lines_are_in_as_far_as_git_finds_out() throws Exception {
        String text = "void first() {\n1\n2\n3\n4\n5\n6\n7\n8\n}\n";
        CommitId from = othersCommit("main", "f.c", text);
        CommitId to = othersCommit("main", "f.c", text.replace("7", "seven"));
        fetch();
        FileDiff.Hunk hunk = it().history(cache).diff(from, to).get(0).hunks().get(0);
        assertThat(hunk.section()).isIn("void first() {", "");
        assertThat(List.of(hunk.oldStart(), hunk.oldLines(), hunk.newStart(), hunk.newLines()))
                .containsExactly(5, 6, 5, 6);
        assertThat(hunk.lines()).containsExactly(" 4", " 5", " 6", "-7", "+seven", " 8", " }");
    }

    @Test
    void a_file_is_what_it_was_in_that_commit() throws Exception {
        Files.createSymbolicLink(others.resolve("link"), Path.of("/etc/passwd"));
        write(others.resolve("dir/ü ber"), "deep\n");
        CommitId first = othersCommit("main", "b.txt", "b\n");
        CommitId second = othersCommit("main", "b.txt", "B");
        fetch();
        assertThat(text(first, "b.txt")).contains("b\n");
        assertThat(text(second, "b.txt")).contains("B");
        assertThat(text(first, "dir/ü ber")).contains("deep\n");
        assertThat(text(first, "link")).as("its target").contains("/etc/passwd");
        assertThat(text(first, "link/x")).isEmpty();
        assertThat(text(first, "nope")).isEmpty();
        assertThat(text(first, "dir")).isEmpty();
        assertThat(text(first, "b.txt/deeper")).isEmpty();
    }

    @Test
    void a_path_that_leaves_the_repository_is_refused() {
        fetch();
        for (String path :
                List.of("../a.txt", "dir/../../a.txt", "dir/..", "/etc/passwd", "", ".", "a//b", "dir/", "a\0b")) {
            assertCode(ErrorCode.INVALID, () -> it().history(cache).file(there("main"), path), "path");
        }
    }

    @Test
    void a_file_of_more_than_64_MiB_is_not_read() throws Exception {
        try (RandomAccessFile large =
                new RandomAccessFile(others.resolve("large").toFile(), "rw")) {
            large.setLength(64L * 1024 * 1024 + 1);
        }
        CommitId commit = othersCommit("main", "b.txt", "b\n");
        fetch();
        assertCode(ErrorCode.UNSUPPORTED, () -> it().history(cache).file(commit, "large"), "large");
    }

    @Test
    void the_files_of_a_commit_are_told_below_a_folder_with_links_as_links_and_without_submodules() throws Exception {
        Files.createSymbolicLink(others.resolve("link"), Path.of("/etc/passwd"));
        write(others.resolve("dir/ü ber"), "deep\n");
        Files.setPosixFilePermissions(
                write(others.resolve("dir/sub/run"), "#!\n"), PosixFilePermissions.fromString("rwxr-xr-x"));
        write(others.resolve("dir.txt"), "beside\n");
        git(others, "update-index", "--add", "--cacheinfo", "160000," + there("main") + ",dir/module");
        CommitId first = othersCommitOfIndex();
        CommitId second = othersCommit("main", "dir/sub/run", "#!new\n");
        fetch();
        try (CommitFiles files = it().history(cache).files(first)) {
            CommitFile run = new CommitFile("dir/sub/run", CommitFile.Kind.EXECUTABLE);
            CommitFile link = new CommitFile("link", CommitFile.Kind.LINK);
            CommitFile deep = new CommitFile("dir/ü ber", CommitFile.Kind.FILE);
            assertThat(files.below("", 100))
                    .containsExactly(
                            new CommitFile("a.txt", CommitFile.Kind.FILE),
                            new CommitFile("dir.txt", CommitFile.Kind.FILE),
                            run,
                            deep,
                            link);
            assertThat(files.below("dir", 100)).containsExactly(run, deep);
            assertThat(files.below("dir/sub", 100)).containsExactly(run);
            for (String none : List.of("nope", "a.txt", "di", "dir/module", "link", "link/x")) {
                assertThat(files.below(none, 100)).as(none).isEmpty();
            }
            assertThat(files.content(run, 3)).asString(StandardCharsets.UTF_8).isEqualTo("#!\n");
            assertThat(files.content(link, 100))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("/etc/passwd");
            assertThat(files.content(deep, 100))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("deep\n");
            assertCode(ErrorCode.UNSUPPORTED, () -> files.content(run, 2), "dir/sub/run");
            assertCode(
                    ErrorCode.NOT_FOUND,
                    () -> files.content(new CommitFile("nope", CommitFile.Kind.FILE), 100),
                    "nope");
        }
        try (CommitFiles files = it().history(cache).files(second)) {
            CommitFile run = files.below("dir/sub", 1).get(0);
            assertThat(files.content(run, 100)).asString(StandardCharsets.UTF_8).isEqualTo("#!new\n");
        }
    }

    /** Commits what others have staged, and no more. */
    private CommitId othersCommitOfIndex() throws Exception {
        git(others, "add", "link", "dir", "dir.txt");
        git(others, "commit", "-q", "-m", "staged");
        git(others, "push", "-q", "origin", "main");
        return new CommitId(git(others, "rev-parse", "HEAD"));
    }

    @Test
    void files_of_a_commit_are_bounded_and_stay_within_it() throws Exception {
        write(others.resolve("dir/sub/x"), "x\n");
        CommitId main = othersCommit("main", "dir/y", "y\n");
        fetch();
        CommitFiles left;
        try (CommitFiles files = it().history(cache).files(main)) {
            left = files;
            assertThat(files.below("", 5)).hasSize(3);
            assertCode(ErrorCode.UNSUPPORTED, () -> files.below("", 4), "more than 4");
            for (String path : List.of("..", "dir/../..", "/etc", "dir/", "a//b", ".", "a\0b")) {
                assertCode(ErrorCode.INVALID, () -> files.below(path, 10), "path");
            }
        }
        assertThatThrownBy(() -> left.below("", 10)).isInstanceOf(IllegalStateException.class);
        left.close();
        CommitId nothing = new CommitId("0".repeat(39) + "1");
        assertCode(ErrorCode.NOT_FOUND, () -> it().history(cache).files(nothing), nothing.value());
        assertCode(
                ErrorCode.NOT_FOUND,
                () -> it().history(folder.resolve("none.git")).files(main),
                "none.git");
    }

    @Test
    void trees_that_name_each_other_many_times_over_and_paths_that_no_worktree_may_have_are_refused() throws Exception {
        fetch();
        String blob = gitReading(cache, "x\n", "hash-object", "-w", "--stdin");
        String tree = tree("100644 blob " + blob + "\tx\n");
        String deep = tree;
        for (int i = 0; i < 40; i++) {
            deep = tree("040000 tree " + deep + "\ta\n040000 tree " + deep + "\tb\n");
        }
        String empty = git(cache, "hash-object", "-t", "tree", "-w", "/dev/null");
        String hollow = empty;
        String longest = tree;
        for (int i = 0; i < 40; i++) {
            hollow = tree("040000 tree " + hollow + "\ta\n040000 tree " + hollow + "\tb\n");
            longest = tree("040000 tree " + longest + "\t" + "n".repeat(200) + "\n");
        }
        for (String many : List.of(deep, hollow, longest)) {
            try (CommitFiles files = it().history(cache).files(commitOf(many))) {
                assertCode(ErrorCode.UNSUPPORTED, () -> files.below("", 20_000), "more than");
            }
        }
        for (String name : List.of("..", ".", ".git", ".GIT")) {
            byte[] entry = ("40000 " + name + "\0").getBytes(StandardCharsets.UTF_8);
            byte[] raw = Arrays.copyOf(entry, entry.length + 20);
            System.arraycopy(HexFormat.of().parseHex(tree), 0, raw, entry.length, 20);
            String evil = OthersGit.run(cache, raw, "hash-object", "-t", "tree", "-w", "--literally", "--stdin");
            try (CommitFiles files = it().history(cache).files(commitOf(evil))) {
                assertCode(ErrorCode.INVALID, () -> files.below("", 100), "no worktree");
            }
        }
    }

    private String tree(String entries) throws Exception {
        return gitReading(cache, entries, "mktree");
    }

    private CommitId commitOf(String tree) throws Exception {
        return new CommitId(git(cache, "commit-tree", "-m", "made", tree));
    }

    @Test
    void preview_tells_whether_a_merge_would_go_through_and_in_which_files_not() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId mine = commit(worktree, "n.txt", "n\n");
        CommitId base = there("main");
        assertThat(it().history(cache).preview(base, mine)).isEqualTo(new MergePreview(List.of(), true));
        assertThat(it().history(cache).preview(mine, base)).isEqualTo(new MergePreview(List.of(), false));
        write(worktree.path().resolve("a.txt"), "mine\n");
        CommitId more = commit(worktree, "b.txt", "mine\n");
        write(others.resolve("a.txt"), "theirs\n");
        CommitId theirs = othersCommit("main", "b.txt", "theirs\n");
        fetch();
        MergePreview preview = it().history(cache).preview(theirs, more);
        assertThat(preview.conflicts()).containsExactly("a.txt", "b.txt");
        assertThat(preview.isClean()).isFalse();
        assertThat(preview.changes()).isTrue();
        assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none()))
                .isInstanceOfSatisfying(
                        MergeOutcome.Conflicted.class,
                        conflicted -> assertThat(conflicted.files()).isEqualTo(preview.conflicts()));
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOfSatisfying(
                        MergeOutcome.Conflicted.class,
                        conflicted -> assertThat(conflicted.files()).isEqualTo(preview.conflicts()));
    }

    @Test
    void preview_touches_no_worktree_no_branch_and_not_the_cache() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId mine = commit(worktree, "a.txt", "ONE\ntwo\nthree\n");
        CommitId clean = othersCommit("main", "a.txt", "one\ntwo\nTHREE\n");
        CommitId conflicting = othersCommit("main", "a.txt", "other\n");
        fetch();
        Map<String, String> cacheBefore = contentOf(cache);
        Map<String, String> filesBefore = contentOf(worktree.path());
        assertThat(it().history(cache).preview(clean, mine)).isEqualTo(new MergePreview(List.of(), true));
        assertThat(it().history(cache).preview(conflicting, mine).conflicts()).containsExactly("a.txt");
        assertThat(contentOf(cache)).isEqualTo(cacheBefore);
        assertThat(contentOf(worktree.path())).isEqualTo(filesBefore);
    }

    @Test
    void what_was_merged_rebased_or_squashed_would_change_nothing_any_more() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        commit(worktree, "n.txt", "n\n");
        CommitId mine = commit(worktree, "n.txt", "m\n");
        it().push(cache, WORK, PushOptions.defaults());
        git(others, "fetch", "-q", "origin");
        CommitId base = there("main");
        for (List<String> landing : List.of(
                List.of("merge", "-q", "--no-ff", "-m", "merge", "origin/" + WORK),
                List.of("cherry-pick", base + ".." + mine),
                List.of("merge", "-q", "--squash", "origin/" + WORK))) {
            git(others, "checkout", "-q", "-B", "main", base.value());
            git(others, "push", "-q", "--force", "origin", "main");
            othersCommit("main", "before.txt", "b\n");
            git(others, landing.toArray(new String[0]));
            CommitId landed = othersCommit("main", "after.txt", "a\n");
            fetch();
            assertThat(it().history(cache).preview(landed, mine))
                    .as(landing.toString())
                    .isEqualTo(new MergePreview(List.of(), false));
        }
        CommitId later = commit(worktree, "n.txt", "later\n");
        assertThat(it().history(cache).preview(there("main"), later).changes()).isTrue();
    }

    @Test
    void a_file_renamed_on_one_side_and_changed_on_the_other_is_as_the_abilities_say() throws Exception {
        othersCommit("main", "old.txt", "1\n2\n3\n4\n5\n6\n7\n8\n");
        fetch();
        Worktree worktree = add("w", WORK);
        git(worktree.path(), "mv", "old.txt", "new.txt");
        CommitId renamed = it().in(worktree).commit("rename", ANN).orElseThrow();
        CommitId changed = othersCommit("main", "old.txt", "one\n2\n3\n4\n5\n6\n7\n8\n");
        fetch();
        boolean follows = can(SourceControlInfo.Ability.RENAMES_IN_MERGES);
        assertThat(it().history(cache).preview(changed, renamed).isClean()).isEqualTo(follows);
        assertThat(it().land(cache, WORK, MAIN, ANN, Credentials.none()).succeeded())
                .isEqualTo(follows);
        assertThat(it().in(worktree)
                        .rebase(Revision.of(changed), MergeOptions.by(ANN))
                        .succeeded())
                .isEqualTo(follows);
        if (follows) {
            assertThat(worktree.path().resolve("new.txt")).hasContent("one\n2\n3\n4\n5\n6\n7\n8");
            assertThat(worktree.path().resolve("old.txt")).doesNotExist();
        }
        gitAgrees();
    }

    @Test
    void previews_of_many_merges_at_once_are_those_of_each_and_write_nothing() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        List<CommitId> commits = new ArrayList<>(List.of(there("main"), commit(worktree, "n.txt", "n\n")));
        commits.add(commit(worktree, "a.txt", "ONE\ntwo\nthree\n"));
        commits.add(othersCommit("one", "a.txt", "one\ntwo\nTHREE\n"));
        commits.add(othersCommit("other", "a.txt", "other\n"));
        fetch();
        CommitId nothing = new CommitId("0".repeat(39) + "1");
        Map<String, String> before = contentOf(cache);
        Previews left;
        try (Previews previews = it().history(cache).previews()) {
            left = previews;
            inThreads(4, thread -> {
                for (int i = 0; i < commits.size() * commits.size(); i++) {
                    CommitId into = commits.get((i + thread) % commits.size());
                    CommitId what = commits.get(i / commits.size());
                    assertThat(previews.of(into, what))
                            .isEqualTo(it().history(cache).preview(into, what));
                    assertCode(ErrorCode.NOT_FOUND, () -> previews.of(into, nothing), nothing.value());
                }
            });
        }
        assertThat(contentOf(cache)).isEqualTo(before);
        assertThatThrownBy(() -> left.of(commits.get(0), commits.get(1))).isInstanceOf(IllegalStateException.class);
        left.close();
        try (Previews previews = it().history(folder.resolve("none.git")).previews()) {
            assertCode(ErrorCode.NOT_FOUND, () -> previews.of(nothing, nothing), "none.git");
        }
    }

    @Test
    void the_distance_of_two_commits_is_what_each_has_that_the_other_has_not() throws Exception {
        fetch();
        Worktree worktree = add("w", WORK);
        CommitId base = there("main");
        CommitId first = commit(worktree, "n.txt", "n\n");
        CommitId second = commit(worktree, "n.txt", "m\n");
        CommitId theirs = othersCommit("main", "b.txt", "b\n");
        fetch();
        CommitId merge = headOf(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)));
        List<CommitId> all = List.of(base, first, second, theirs, merge);
        for (CommitId one : all) {
            for (CommitId other : all) {
                Distance distance = it().history(cache).distance(one, other);
                assertThat(distance.ahead() + "\t" + distance.behind())
                        .as(one + " " + other)
                        .isEqualTo(git(cache, "rev-list", "--left-right", "--count", one + "..." + other)
                                .strip());
            }
        }
        assertThat(it().history(cache).distance(second, theirs)).isEqualTo(new Distance(2, 1));
    }

    @Test
    void what_is_not_in_the_cache_is_not_found() {
        CommitId nothing = new CommitId("0".repeat(39) + "1");
        List<ThrowingCallable> without = List.of(
                () -> it().history(cache).remoteBranches(),
                () -> it().history(cache).remoteBranch(MAIN),
                () -> it().history(cache).resolve(Revision.of(MAIN)),
                () -> it().history(cache).log(nothing, 1),
                () -> it().history(cache).file(nothing, "a.txt"));
        for (ThrowingCallable call : without) {
            assertCode(ErrorCode.NOT_FOUND, call, cache.toString());
        }
        fetch();
        CommitId main = there("main");
        List<ThrowingCallable> unknown = List.of(
                () -> it().history(cache).log(nothing, 1),
                () -> it().history(cache).diff(main, nothing),
                () -> it().history(cache).diff(nothing, main),
                () -> it().history(cache).file(nothing, "a.txt"),
                () -> it().history(cache).distance(main, nothing),
                () -> it().history(cache).distance(nothing, main),
                () -> it().history(cache).preview(main, nothing),
                () -> it().history(cache).preview(nothing, main));
        for (ThrowingCallable call : unknown) {
            assertCode(ErrorCode.NOT_FOUND, call, nothing.value());
        }
    }

    private Optional<String> text(CommitId at, String path) {
        return it().history(cache).file(at, path).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static FileDiff changed(String path, String mode, FileDiff.Hunk... hunks) {
        return new FileDiff(Optional.of(path), Optional.of(path), mode, false, List.of(hunks));
    }

    private static FileDiff.Hunk hunk(int oldStart, int oldLines, int newStart, int newLines, String... lines) {
        return new FileDiff.Hunk(oldStart, oldLines, newStart, newLines, "", List.of(lines));
    }
}

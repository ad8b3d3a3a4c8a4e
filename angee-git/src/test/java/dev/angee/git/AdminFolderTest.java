package dev.angee.git;

import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.source.BranchName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminFolderTest {
    private static final BranchName X = BranchName.of("x/y");

    @TempDir
    Path folder;

    private AdminFolder record(String head, String gitdir) throws IOException {
        Path admin = folder.resolve("cache/worktrees/w");
        write(admin.resolve("HEAD"), head);
        write(admin.resolve("gitdir"), gitdir);
        return new AdminFolder(admin);
    }

    @Test
    void branch_and_place_are_read() throws Exception {
        AdminFolder record = record("ref: refs/heads/x/y\n", folder.resolve("w/.git") + "\n");
        assertThat(record.branch()).contains(X);
        assertThat(record.worktree()).contains(folder.resolve("w"));
        assertThat(record.uses(X)).isTrue();
        assertThat(record.uses(BranchName.of("x"))).isFalse();
    }

    @Test
    void a_relative_place_as_newer_gits_write_it_is_seen_from_the_record() throws Exception {
        AdminFolder record = record("0123456789012345678901234567890123456789\n", "../../../w/.git\n");
        assertThat(record.worktree()).contains(folder.resolve("w"));
        assertThat(record.branch()).isEmpty();
    }

    @Test
    void a_branch_that_is_being_rebased_or_bisected_is_in_use() throws Exception {
        AdminFolder record = record("0123456789012345678901234567890123456789\n", "/w/.git\n");
        write(record.folder().resolve("rebase-merge/head-name"), "refs/heads/x/y\n");
        assertThat(record.uses(X)).isTrue();
        Files.delete(record.folder().resolve("rebase-merge/head-name"));
        write(record.folder().resolve("rebase-apply/head-name"), "refs/heads/x/y\n");
        assertThat(record.uses(X)).isTrue();
        Files.delete(record.folder().resolve("rebase-apply/head-name"));
        assertThat(record.uses(X)).isFalse();
        write(record.folder().resolve("BISECT_START"), "x/y\n");
        assertThat(record.uses(X)).isTrue();
    }

    @Test
    void a_record_that_is_a_link_or_below_one_is_not_written_into() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path record = Files.createDirectories(folder.resolve("cache/worktrees/w"));
        Files.move(record, folder.resolve("aside"));
        Files.createSymbolicLink(record, home);
        assertThatThrownBy(() -> new AdminFolder(record).write("x", "x")).isInstanceOf(ConflictException.class);
        Files.createDirectory(home.resolve("w"));
        Files.delete(record);
        Files.delete(record.getParent());
        Files.createSymbolicLink(record.getParent(), home);
        assertThatThrownBy(() -> new AdminFolder(record).write("x", "x")).isInstanceOf(ConflictException.class);
        assertThat(RealGit.namesIn(home.resolve("w"))).isEmpty();
    }

    @Test
    void rubbish_is_no_branch_and_no_place() throws Exception {
        AdminFolder record = record("ref: refs/heads/../../etc\n", "\0\n");
        assertThat(record.branch()).isEmpty();
        assertThat(record.worktree()).isEmpty();
        assertThat(record.toRecord()).isEmpty();
    }

    @Test
    void only_a_record_that_says_nothing_or_whose_folder_is_gone_is_stale() throws Exception {
        AdminFolder record = record("ref: refs/heads/x/y\n", folder.resolve("gone/.git") + "\n");
        assertThat(record.isStale()).isTrue();
        Path gitdir = record.folder().resolve("gitdir");
        Files.writeString(gitdir, "\0\n");
        assertThat(record.isStale()).as("a place that cannot be").isFalse();
        Files.delete(gitdir);
        Files.createDirectory(gitdir);
        assertThat(record.isStale()).as("a place that cannot be read").isFalse();
        Files.delete(gitdir);
        assertThat(record.isStale()).as("no place").isTrue();
    }

    @Test
    void what_cannot_be_read_is_not_taken_for_what_is_not_there() throws Exception {
        AdminFolder record = record("ref: refs/heads/x/y\n", folder.resolve("w/.git") + "\n");
        assertThat(record.text("nothing")).isEmpty();
        assertThat(record.text("HEAD/nothing")).isEmpty();
        assertThatThrownBy(() -> record.text("x".repeat(1000))).isInstanceOf(AngeeException.class);
    }

    @Test
    void a_link_in_the_way_to_a_worktree_is_the_same_way_but_a_link_in_its_place_is_not() throws Exception {
        Files.createDirectories(folder.resolve("real/w"));
        Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real/w"));
        AdminFolder record = record("ref: refs/heads/x\n", folder.resolve("real/w/.git") + "\n");
        assertThat(record.isOf(WorktreePlace.of(folder.resolve("alias/w")))).isTrue();
        assertThat(record.isOf(WorktreePlace.of(folder.resolve("link")))).isFalse();
    }

    @Test
    void a_record_is_stale_when_its_folder_is_gone_unless_it_is_locked() throws Exception {
        Files.createDirectories(folder.resolve("w"));
        AdminFolder record = record("ref: refs/heads/x\n", folder.resolve("w/.git") + "\n");
        assertThat(record.isStale()).isFalse();
        Files.delete(folder.resolve("w"));
        assertThat(record.isStale()).isTrue();
        write(record.folder().resolve("locked"), "on a stick\n");
        assertThat(record.isStale()).isFalse();
    }
}

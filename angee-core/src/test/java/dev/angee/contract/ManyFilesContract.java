package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a {@link SourceControl} sees in a worktree of so many files that one may look at them in another way: the same as in one
 * of few, and what real git sees.
 */
public abstract class ManyFilesContract extends SourceControlFixture {
    private Worktree worktree;

    /** How many files it takes; at least a hundred. */
    protected abstract int many();

    @BeforeEach
    final void makeMany() throws Exception {
        for (int i = 0; i < many(); i++) {
            write(others.resolve("many/" + i % 31 + "/" + i + ".txt"), i + "\n");
        }
        othersCommit("main", "b.txt", "b\n");
        fetch();
        worktree = add("w", WORK);
    }

    @Test
    void what_the_cache_says_is_ignored_is_and_the_rest_is_seen() throws Exception {
        write(cache.resolve("info/exclude"), "*.log\n/build/\n");
        write(worktree.path().resolve("x.log"), "x\n");
        write(worktree.path().resolve("build/y.txt"), "y\n");
        write(worktree.path().resolve("many/3/build/seen.txt"), "s\n");
        write(worktree.path().resolve("many/3/3.txt"), "changed\n");
        Files.delete(worktree.path().resolve("many/4/4.txt"));
        assertThat(it().in(worktree).status(MAIN).changed())
                .containsExactly("many/3/3.txt", "many/3/build/seen.txt", "many/4/4.txt");
        gitAgrees();
        assertThat(it().in(worktree).commit("all", ANN)).isPresent();
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(git(worktree.path(), "ls-files", "x.log", "build")).isEmpty();
    }

    @Test
    void modes_count_unless_the_cache_says_that_they_do_not() throws Exception {
        Path file = worktree.path().resolve("b.txt");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(it().in(worktree).status(MAIN).changed()).containsExactly("b.txt");
        git(cache, "config", "core.fileMode", "false");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
        othersCommit("main", "b.txt", "theirs\n");
        fetch();
        assertThat(it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)))
                .isInstanceOf(MergeOutcome.FastForward.class);
        assertThat(file).hasContent("theirs");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @Test
    void lines_end_as_the_cache_says() throws Exception {
        assertThat(worktree.path().resolve("b.txt")).hasBinaryContent("b\n".getBytes(StandardCharsets.UTF_8));
        git(cache, "config", "core.autocrlf", "true");
        Worktree other = add("other", BranchName.of("workspace/other"));
        assertThat(other.path().resolve("b.txt")).hasBinaryContent("b\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(it().in(other).status(MAIN).changed()).isEmpty();
        write(other.path().resolve("many/5/5.txt"), "5\r\nmore\r\n");
        assertThat(it().in(other).status(MAIN).changed()).containsExactly("many/5/5.txt");
        assertThat(git(other.path(), "status", "--porcelain").strip()).isEqualTo("M many/5/5.txt");
    }

    @Test
    void files_that_have_changed_within_their_size_and_time_are_seen() throws Exception {
        Path one = worktree.path().resolve("many/1/1.txt");
        Path two = worktree.path().resolve("many/2/2.txt");
        FileTime then = FileTime.from(Instant.parse("2026-01-02T03:04:05.123456789Z"));
        Files.setLastModifiedTime(one, then);
        Files.setLastModifiedTime(two, then);
        Path three = worktree.path().resolve("many/3/3.txt");
        Files.setLastModifiedTime(three, then);
        git(worktree.path(), "update-index", "--refresh");
        Files.move(two, one, StandardCopyOption.REPLACE_EXISTING);
        Instant nextSecond = Instant.now().plusSeconds(1);
        until(() -> Instant.now().isAfter(nextSecond)); // Git itself may tell no more than seconds apart.
        Files.writeString(three, "4\n");
        Files.setLastModifiedTime(three, then);
        assertThat(it().in(worktree).status(MAIN).changed())
                .containsExactly("many/1/1.txt", "many/2/2.txt", "many/3/3.txt");
        othersCommit("main", "many/1/1.txt", "x\n");
        fetch();
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)),
                "uncommitted");
        gitAgrees();
        assertThat(it().in(worktree).commit("all", ANN)).isPresent();
        assertThat(git(worktree.path(), "show", "HEAD:many/1/1.txt")).isEqualTo("2");
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
    }
}

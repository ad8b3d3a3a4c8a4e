package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import dev.angee.source.FileDiff;
import dev.angee.source.MergeOptions;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a {@link SourceControl} sees of files that have changed although their size, and when they were last written, are what the
 * index has noted: all of it, as real git does. Files that were checked out in the same tick of the kernel's clock have the same
 * time, so that it takes no more than {@code mv a b}.
 */
public abstract class SameTimesContract extends SourceControlFixture {
    private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-02T03:04:05.123456789Z"));
    private static final String FILE = "d/file.txt";
    private static final String OTHER = "d/other.txt";
    private static final String WAS = "what it was\n";
    private static final String IS = "what it is!\n";

    private Worktree worktree;
    private Path file;

    /** How the index came to know the files. */
    private enum Noted {
        AS_CHECKED_OUT,
        AS_MERGED,
        AS_COMMITTED,
        BY_REAL_GIT
    }

    /** How the file came to have another content. */
    private enum Changed {
        ANOTHER_MOVED_OVER_IT,
        MOVED_IN_FROM_OUTSIDE,
        COPIED_OVER_WITH_ITS_TIME,
        EDITED_AND_ITS_TIME_SET_BACK
    }

    static Stream<Arguments> ways() {
        return Stream.of(Noted.values())
                .flatMap(noted -> Stream.of(Changed.values()).map(changed -> Arguments.of(noted, changed)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_file_that_changed_within_its_size_and_its_time_is_seen_compared_kept_and_committed(
            Noted noted, Changed changed) throws Exception {
        note(noted);
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        FileTime time = Files.getLastModifiedTime(file);
        Set<String> expected = change(changed, time);
        assertThat(Files.getLastModifiedTime(file)).as("the test's own premise").isEqualTo(time);

        assertThat(it().in(worktree).status(MAIN).changed()).containsExactlyElementsOf(expected);
        assertThat(it().in(worktree).changes().stream()
                        .map(SameTimesContract::pathOf)
                        .collect(Collectors.toSet()))
                .isEqualTo(expected);
        assertThat(it().in(worktree).findings(MAIN)).containsKey(RemovalFinding.DIRTY);
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().removeWorktree(worktree, RemoveOptions.losingNothing(MAIN)),
                RemovalFinding.DIRTY.id());
        othersCommit("main", FILE, "theirs\n");
        fetch();
        assertCode(
                ErrorCode.CONFLICT,
                () -> it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN)),
                "uncommitted");
        assertThat(file).hasContent(IS);
        assertThat(it().in(worktree).commit("what it is", ANN)).isPresent();
        assertThat(git(worktree.path(), "show", "HEAD:" + FILE)).isEqualTo(IS.strip());
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        gitAgrees();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void real_git_sees_just_that(Noted noted, Changed changed) throws Exception {
        note(noted);
        change(changed, Files.getLastModifiedTime(file));
        gitAgrees();
        assertThat(git(worktree.path(), "status", "--porcelain")).contains(FILE);
    }

    @Test
    void what_is_committed_needs_no_second_look_by_anybodys_git() throws Exception {
        note(Noted.AS_COMMITTED);
        assertThat(git(worktree.path(), "diff-files", "--raw"))
                .as("what git would have to look into")
                .isEmpty();
    }

    @Test
    void what_was_merged_needs_none_after_the_next_commit() throws Exception {
        note(Noted.AS_MERGED);
        Files.setLastModifiedTime(write(worktree.path().resolve("new.txt"), "new\n"), THEN);
        assertThat(it().in(worktree).commit("new", ANN)).isPresent();
        assertThat(git(worktree.path(), "diff-files", "--raw")).isEmpty();
    }

    @Test
    void a_file_that_was_touched_and_not_changed_is_no_change() throws Exception {
        note(Noted.BY_REAL_GIT);
        Files.writeString(file, WAS);
        Files.copy(file, folder.resolve("copy"));
        Files.move(folder.resolve("copy"), file, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(file, THEN);
        assertThat(it().in(worktree).status(MAIN).changed()).isEmpty();
        assertThat(it().in(worktree).commit("nothing", ANN)).isEmpty();
        assertThat(it().in(worktree).findings(MAIN)).doesNotContainKey(RemovalFinding.DIRTY);
    }

    private void note(Noted noted) throws Exception {
        if (noted == Noted.AS_CHECKED_OUT || noted == Noted.BY_REAL_GIT) {
            write(others.resolve(OTHER), IS);
            othersCommit("main", FILE, WAS);
        }
        fetch();
        worktree = add("w", WORK);
        file = worktree.path().resolve(FILE);
        Path index = Path.of(git(worktree.path(), "rev-parse", "--path-format=absolute", "--git-path", "index"));
        switch (noted) {
            case AS_CHECKED_OUT -> {}
            case AS_MERGED -> {
                write(others.resolve(OTHER), IS);
                othersCommit("main", FILE, WAS);
                fetch();
                it().in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
            }
            case AS_COMMITTED -> {
                write(worktree.path().resolve(OTHER), IS);
                write(file, WAS);
                setTimes();
                it().in(worktree).commit("both", ANN);
            }
            case BY_REAL_GIT -> {
                setTimes();
                git(worktree.path(), "update-index", "--refresh");
            }
        }
        // As if it had taken a while: what is written in the same moment as the index is looked into by everybody.
        FileTime later = FileTime.from(Instant.now().plusSeconds(1));
        Files.setLastModifiedTime(index, later);
        until(() -> Instant.now().isAfter(later.toInstant())); // Git itself may tell no more than seconds apart.
    }

    private void setTimes() throws Exception {
        Files.setLastModifiedTime(file, THEN);
        Files.setLastModifiedTime(worktree.path().resolve(OTHER), THEN);
    }

    private Set<String> change(Changed changed, FileTime time) throws Exception {
        Path other = worktree.path().resolve(OTHER);
        Path outside = write(folder.resolve("outside.txt"), IS);
        Object inode = Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        Files.setLastModifiedTime(outside, time);
        switch (changed) {
            case ANOTHER_MOVED_OVER_IT -> {
                Files.setLastModifiedTime(other, time);
                Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            }
            case MOVED_IN_FROM_OUTSIDE -> Files.move(outside, file, StandardCopyOption.REPLACE_EXISTING);
            case COPIED_OVER_WITH_ITS_TIME -> {
                Process copying = new ProcessBuilder("cp", "-p", outside.toString(), file.toString())
                        .inheritIO()
                        .start();
                assertThat(copying.waitFor()).isZero();
                assertThat(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS))
                        .isEqualTo(inode);
            }
            case EDITED_AND_ITS_TIME_SET_BACK -> {
                Files.writeString(file, IS);
                Files.setLastModifiedTime(file, time);
            }
        }
        List<String> expected = new ArrayList<>(List.of(FILE));
        if (changed == Changed.ANOTHER_MOVED_OVER_IT) {
            expected.add(OTHER);
        }
        return new TreeSet<>(expected);
    }

    private static String pathOf(FileDiff diff) {
        return diff.oldPath().or(diff::newPath).orElseThrow();
    }
}

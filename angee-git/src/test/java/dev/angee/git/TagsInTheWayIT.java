package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.SourceControl;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A remote can do with its tags what it likes, and its branches are fetched. */
class TagsInTheWayIT {
    @TempDir
    Path folder;

    static Stream<SourceControl> engines() {
        return Stream.of(
                new JGitSourceControl(),
                new GitSourceControl(
                        GitProgram.find(System.getenv()), Clock.systemUTC(), GitSourceControl.Remotes.ALL_BY_GIT));
    }

    private static String change(Remote remote, String... tags) throws Exception {
        write(remote.others().resolve("a.txt"), String.join(" ", tags) + "\n");
        remote.commitAll();
        for (String tag : tags) {
            git(remote.others(), "tag", "-a", "-m", tag, tag);
            git(remote.others(), "push", "-q", "origin", "refs/tags/" + tag);
        }
        return git(remote.others(), "rev-parse", "HEAD");
    }

    private static void removeTag(Remote remote, String tag) throws Exception {
        git(remote.others(), "tag", "-d", tag);
        git(remote.others(), "push", "-q", "origin", ":refs/tags/" + tag);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_tag_that_became_a_folder_of_tags_or_the_other_way_round_stops_no_fetch(SourceControl it) throws Exception {
        Remote remote = Remote.in(folder);
        change(remote, "v1", "w/x");
        remote.fetch(it);
        String first = git(remote.cache(), "rev-parse", "refs/tags/v1");
        removeTag(remote, "v1");
        removeTag(remote, "w/x");
        String head = change(remote, "v1/x", "w", "z");
        remote.fetch(it);
        assertThat(it.history(remote.cache()).remoteBranch(MAIN).orElseThrow().value())
                .isEqualTo(head);
        assertThat(git(remote.cache(), "for-each-ref", "--format=%(refname)", "refs/tags")
                        .lines())
                .containsExactly("refs/tags/v1", "refs/tags/w/x", "refs/tags/z");
        assertThat(git(remote.cache(), "rev-parse", "refs/tags/v1")).isEqualTo(first);
        assertThat(git(remote.cache(), "cat-file", "-t", "refs/tags/z")).isEqualTo("tag");
        head = change(remote, "later");
        remote.fetch(it);
        assertThat(it.history(remote.cache()).remoteBranch(MAIN).orElseThrow().value())
                .isEqualTo(head);
        assertThat(git(remote.cache(), "tag")).contains("later");
        RealGit.assertSound(remote.cache());
    }
}

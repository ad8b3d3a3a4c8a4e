package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.CommitId;
import dev.angee.source.MergePreview;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken for plain is what git makes of it, and what may not be plain is not taken for it. */
class PlainMergeIT {
    private static final Change NOTHING = at -> {};

    @TempDir
    Path folder;

    private Remote remote;
    private String base;

    /** What a side does. */
    private interface Change {
        void in(Path place) throws Exception;
    }

    @BeforeEach
    void open() throws Exception {
        remote = Remote.in(folder);
        for (String name : List.of("b.txt", "d/e/f.txt", "d/g.txt", "h.txt")) {
            write(remote.others().resolve(name), "1\n2\n3\n4\n5\n6\n7\n8\n" + name + "\n");
        }
        remote.commitAll();
        base = git(remote.others(), "rev-parse", "HEAD");
    }

    static Stream<Arguments> merges() {
        Change ours = edit("a.txt", "ours");
        return Stream.of(
                merge("plain: other files", true, ours, edit("d/e/f.txt", "theirs")),
                merge("plain: other files of one folder", true, edit("d/g.txt", "x"), edit("d/e/f.txt", "y")),
                merge("plain: new files", true, edit("new/a", "x"), edit("new/b", "y")),
                merge("plain: the same change", true, edit("b.txt", "same"), edit("b.txt", "same")),
                merge("plain: the same new file", true, edit("new", "same"), edit("new", "same")),
                merge("plain: nothing that we lack", true, both(ours, edit("b.txt", "x")), edit("b.txt", "x")),
                merge("plain: only we", true, ours, NOTHING),
                merge("plain: only they", true, NOTHING, edit("b.txt", "x")),
                merge("plain: a mode", true, ours, PlainMergeIT::executable),
                merge("one file, other lines", false, edit("b.txt", "x"), PlainMergeIT::firstLine),
                merge("one file, the same lines", false, edit("b.txt", "x"), edit("b.txt", "y")),
                merge("mode and contents", false, PlainMergeIT::executable, edit("h.txt", "x")),
                merge("two new files of one name", false, edit("new", "x"), edit("new", "y")),
                merge("a deleted file", false, ours, at -> Files.delete(at.resolve("b.txt"))),
                merge("a deleted folder", false, at -> Files.delete(at.resolve("d/e/f.txt")), edit("b.txt", "x")),
                merge("renamed here, changed there", false, move("b.txt", "c.txt"), edit("b.txt", "x")),
                merge("renamed there, changed here", false, edit("b.txt", "x"), move("b.txt", "c.txt")),
                merge("a renamed folder, a new file in it", false, move("d", "moved"), edit("d/new", "x")),
                merge("a file and a folder of one name", false, edit("new", "x"), edit("new/deep", "y")),
                merge("a folder and a file of one name", false, edit("new/deep", "x"), edit("new", "y")),
                merge("a file that became a link", false, PlainMergeIT::link, edit("a.txt", "x")),
                merge("a file that became a folder", false, PlainMergeIT::becomesFolder, edit("a.txt", "x")),
                merge("a repository in it", false, PlainMergeIT::submodule, edit("a.txt", "x")));
    }

    private static Arguments merge(String name, boolean plain, Change ours, Change theirs) {
        return Arguments.of(name, plain, ours, theirs);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("merges")
    void what_is_plain_is_what_git_makes_of_it(String name, boolean plain, Change ours, Change theirs)
            throws Exception {
        String one = side(ours);
        String other = side(theirs);
        check(one, other, plain);
        check(other, one, plain);
    }

    @Test
    void where_sides_have_merged_each_other_nothing_is_plain() throws Exception {
        String one = side(edit("a.txt", "one"));
        String other = side(edit("b.txt", "other"));
        String left = merged(one, other);
        String right = merged(other, one);
        git(remote.others(), "checkout", "-q", "--detach", left);
        edit("h.txt", "left").in(remote.others());
        git(remote.others(), "commit", "-q", "-a", "-m", "left");
        check(git(remote.others(), "rev-parse", "HEAD"), right, false);
        check(left, one, true);
        check(one, left, true);
    }

    @Test
    void where_nothing_is_in_common_nothing_is_plain() throws Exception {
        git(remote.others(), "checkout", "-q", "--orphan", "other");
        git(remote.others(), "commit", "-q", "-m", "another beginning");
        assertThat(plain(base, git(remote.others(), "rev-parse", "HEAD"))).isEmpty();
    }

    private void check(String into, String what, boolean isPlain) throws Exception {
        Optional<MergePreview> found = plain(into, what);
        assertThat(found.isPresent()).as("plain").isEqualTo(isPlain);
        Path others = remote.others();
        if (isPlain) {
            String tree = git(others, "merge-tree", "--write-tree", into, what); // fails if there is a conflict
            boolean changes = !tree.equals(git(others, "rev-parse", into + "^{tree}"));
            assertThat(found).contains(new MergePreview(List.of(), changes));
        }
    }

    private Optional<MergePreview> plain(String into, String what) throws Exception {
        try (Repository repository = new Cache(remote.others().resolve(".git")).open();
                RevWalk walk = new RevWalk(repository)) {
            return PlainMerge.of(
                    walk, Revisions.require(walk, new CommitId(into)), Revisions.require(walk, new CommitId(what)));
        }
    }

    private String side(Change change) throws Exception {
        Path others = remote.others();
        git(others, "checkout", "-q", "-f", "--detach", base);
        git(others, "clean", "-q", "-f", "-f", "-d");
        change.in(others);
        git(others, "add", "-A");
        git(others, "commit", "-q", "--allow-empty", "-m", "side");
        return git(others, "rev-parse", "HEAD");
    }

    private String merged(String into, String what) throws Exception {
        git(remote.others(), "checkout", "-q", "-f", "--detach", into);
        git(remote.others(), "merge", "-q", "--no-ff", "-m", "merge", what);
        return git(remote.others(), "rev-parse", "HEAD");
    }

    private static Change edit(String file, String text) {
        return at -> {
            Path path = at.resolve(file);
            write(path, (Files.exists(path) ? Files.readString(path) : "") + text + "\n");
        };
    }

    private static Change both(Change one, Change other) {
        return at -> {
            one.in(at);
            other.in(at);
        };
    }

    private static Change move(String from, String to) {
        return at -> Files.move(at.resolve(from), at.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void firstLine(Path at) throws Exception {
        write(at.resolve("b.txt"), "first\n" + Files.readString(at.resolve("b.txt"), StandardCharsets.UTF_8));
    }

    private static void executable(Path at) throws Exception {
        Files.setPosixFilePermissions(at.resolve("h.txt"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void link(Path at) throws Exception {
        Files.delete(at.resolve("b.txt"));
        Files.createSymbolicLink(at.resolve("b.txt"), Path.of("a.txt"));
    }

    private static void becomesFolder(Path at) throws Exception {
        Files.delete(at.resolve("b.txt"));
        write(at.resolve("b.txt/deep"), "x");
    }

    private static void submodule(Path at) throws Exception {
        git(at, "init", "-q", "inner");
        git(at.resolve("inner"), "commit", "-q", "--allow-empty", "-m", "inner");
    }
}

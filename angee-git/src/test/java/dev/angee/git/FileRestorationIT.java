package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.angee.internal.FolderRemoval;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in all the states that a checkout can have them in when it is cut off, and in some that only a person makes. */
class FileRestorationIT {
    @TempDir
    Path folder;

    private Remote remote;
    private Worktree worktree;
    private Path files;
    private ObjectId before;
    private ObjectId after;

    @BeforeEach
    void makeBothTrees() throws Exception {
        remote = Remote.in(folder);
        Path others = remote.others();
        write(others.resolve("n/f12"), "before\n");
        write(others.resolve("gone"), "gone\n");
        write(others.resolve("script"), "same\n");
        write(others.resolve("was-file"), "file\n");
        write(others.resolve("was-folder/x"), "x\n");
        Files.createSymbolicLink(others.resolve("link"), Path.of("before"));
        remote.commitAll();
        JGitSourceControl control = new JGitSourceControl();
        remote.fetch(control);
        worktree = remote.add(control, "w", Remote.WORK);
        files = worktree.path();
        before = tree(others);
        write(others.resolve("n/f12"), "after, and longer\n");
        Files.delete(others.resolve("gone"));
        assertThat(others.resolve("script").toFile().setExecutable(true)).isTrue();
        Files.delete(others.resolve("was-file"));
        write(others.resolve("was-file/y"), "y\n");
        FolderRemoval.of(others.resolve("was-folder"));
        write(others.resolve("was-folder"), "file now\n");
        Files.delete(others.resolve("link"));
        Files.createSymbolicLink(others.resolve("link"), Path.of("after"));
        write(others.resolve("new/f1"), "new and long\n");
        remote.commitAll();
        remote.fetch(control);
        after = tree(others);
    }

    private static ObjectId tree(Path clone) throws Exception {
        return ObjectId.fromString(git(clone, "rev-parse", "HEAD^{tree}"));
    }

    private List<String> takeBack() throws Exception {
        try (OpenWorktree open = new OpenWorktree(worktree, new AdminFolder(remote.recordOf(worktree)))) {
            return new FileRestoration(open, before, after).run();
        }
    }

    private String status() throws Exception {
        return git(files, "status", "--porcelain", "-uall");
    }

    @Test
    void what_was_written_wholly_in_part_or_not_at_all_is_as_before() throws Exception {
        git(files, "read-tree", "-u", "--reset", after.name());
        git(files, "read-tree", before.name());
        assertThat(takeBack()).isEmpty();
        assertThat(status()).as("all of it").isEmpty();
        write(files.resolve("n/f12"), "after, and");
        write(files.resolve("new/f1"), "new a");
        write(files.resolve("new/._f1123456.tmp"), "new and");
        write(files.resolve("n/._f12-99.tmp"), "");
        Files.delete(files.resolve("gone"));
        Files.delete(files.resolve("link"));
        FolderRemoval.of(files.resolve("was-folder"));
        assertThat(takeBack()).isEmpty();
        assertThat(status()).as("half of it").isEmpty();
        assertThat(files.resolve("new")).doesNotExist();
        assertThat(takeBack()).isEmpty();
        assertThat(status()).as("none of it").isEmpty();
    }

    @Test
    void what_a_person_has_made_of_it_stays() throws Exception {
        write(files.resolve("n/f12"), "mine\n");
        write(files.resolve("n/._f12123.tmp"), "mine\n");
        write(files.resolve("n/._else123.tmp"), "");
        write(files.resolve("new/f1"), "mine\n");
        write(files.resolve("gone"), "mine\n");
        Files.delete(files.resolve("was-file"));
        write(files.resolve("was-file/z"), "mine\n");
        FolderRemoval.of(files.resolve("was-folder"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path theirs = write(elsewhere.resolve("x"), "file now\n");
        Files.createSymbolicLink(files.resolve("was-folder"), elsewhere);
        Files.delete(files.resolve("link"));
        Files.createSymbolicLink(files.resolve("link"), Path.of("mine"));
        assertThat(takeBack())
                .containsExactlyInAnyOrder("n/f12", "new/f1", "gone", "was-file", "was-folder", "was-folder/x", "link");
        for (String file : List.of("n/f12", "n/._f12123.tmp", "new/f1", "gone", "was-file/z")) {
            assertThat(files.resolve(file)).hasContent("mine");
        }
        assertThat(files.resolve("n/._else123.tmp")).exists();
        assertThat(Files.readSymbolicLink(files.resolve("link"))).isEqualTo(Path.of("mine"));
        assertThat(theirs).hasContent("file now");
    }

    @Test
    void what_a_person_keeps_from_us_stays_and_is_in_nobodys_way() throws Exception {
        git(files, "read-tree", "-u", "--reset", after.name());
        git(files, "read-tree", before.name());
        Files.setPosixFilePermissions(files.resolve("n/f12"), Set.of());
        assumeThat(Files.isReadable(files.resolve("n/f12")))
                .as("may read anything")
                .isFalse();
        write(files.resolve("new/._f1123456.tmp"), "new and");
        Files.setPosixFilePermissions(files.resolve("new/._f1123456.tmp"), Set.of());
        Files.setPosixFilePermissions(files.resolve("new"), PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assertThat(takeBack()).containsExactly("n/f12", "new/f1");
        } finally {
            Files.setPosixFilePermissions(files.resolve("new"), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThat(files.resolve("gone")).hasContent("gone");
    }

    @Test
    void a_mode_is_put_back_if_it_was_to_change() throws Exception {
        assertThat(files.resolve("script").toFile().setExecutable(true)).isTrue();
        assertThat(files.resolve("gone").toFile().setExecutable(true)).isTrue();
        assertThat(takeBack()).isEmpty();
        assertThat(Files.isExecutable(files.resolve("script"))).isFalse();
    }
}

package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.gitReading;
import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.FS;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of, and added to, the index files that real git and JGit write. */
class IndexStampsIT {
    private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-02T03:04:05.123456789Z"));
    private static final List<String> FILES = List.of("a.txt", "a/b", "a/b.txt", "a0", "ä", "d/e/f/g", "d/e/f/h", "zz");

    @TempDir
    Path folder;

    private Path index;

    @BeforeEach
    void makeARepository() throws Exception {
        folder = folder.toRealPath();
        git(folder, "init", "-q", "-b", "main");
        index = folder.resolve(".git/index");
        for (String name : FILES) {
            Files.setLastModifiedTime(write(folder.resolve(name), "content of " + name + "\n"), THEN);
        }
        git(folder, "add", "-A");
    }

    /** As if the index had been written later than in the moment in which the files were. */
    private void settle() throws Exception {
        Files.setLastModifiedTime(index, FileTime.from(Instant.now().plusSeconds(1)));
    }

    private Set<String> vouchedFor() throws Exception {
        IndexStamps stamps = IndexStamps.read(index);
        DirCache entries = DirCache.read(index.toFile(), InertFileSystem.INSTANCE);
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < entries.getEntryCount(); i++) {
            DirCacheEntry entry = entries.getEntry(i);
            FS.Attributes found =
                    FileStat.of(folder.resolve(entry.getPathString()).toFile(), InertFileSystem.INSTANCE);
            if (found instanceof FileStat stat && stamps.vouchFor(entry, stat)) {
                names.add(entry.getPathString());
            }
        }
        return names;
    }

    private Set<String> all() throws Exception {
        return new TreeSet<>(git(folder, "-c", "core.quotePath=false", "ls-files")
                .lines()
                .filter(name -> Files.isRegularFile(folder.resolve(name)))
                .toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void every_file_is_found_in_every_version_of_an_index_that_holds_odd_entries_as_well(int version) throws Exception {
        String blob = git(folder, "hash-object", "-w", "zz");
        String commit = "1".repeat(40);
        gitReading(
                folder,
                ("100644 " + blob + " 0\tl" + "o/".repeat(2100) + "ng\n"
                                + "160000 " + commit + " 0\tmodule\n"
                                + "100644 " + blob + " 1\tm\n100644 " + blob + " 2\tm\n100644 " + blob + " 3\tm\n")
                        .getBytes(StandardCharsets.UTF_8),
                "update-index",
                "--index-info");
        write(folder.resolve("new-1.txt"), "new\n");
        if (version == 3) {
            git(folder, "add", "-N", "new-1.txt");
        } else {
            git(folder, "update-index", "--index-version", Integer.toString(version));
        }
        settle();
        assertThat(Files.readAllBytes(index)[7]).as("the index's version").isEqualTo((byte) version);
        Set<String> expected = all();
        expected.remove("new-1.txt"); // of which no content was noted
        expected.remove("m");
        assertThat(expected).hasSizeGreaterThan(5);
        assertThat(vouchedFor()).isEqualTo(expected);
        assertThat(IndexStamps.read(index).submodules()).isEqualTo(Map.of("module", ObjectId.fromString(commit)));
    }

    @Test
    void nobody_vouches_for_a_file_that_is_another_or_was_changed_or_in_the_moment_in_which_the_index_was_written()
            throws Exception {
        settle();
        Path copy = Files.copy(folder.resolve("a0"), folder.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(copy, folder.resolve("a0"), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(folder.resolve("zz"), THEN);
        Set<String> expected = all();
        expected.removeAll(List.of("a0", "zz"));
        assertThat(vouchedFor()).isEqualTo(expected);
        Files.setLastModifiedTime(index, (FileTime) Files.getAttribute(folder.resolve("d/e/f/g"), "unix:ctime"));
        assertThat(vouchedFor()).doesNotContain("d/e/f/g");
    }

    @Test
    void nobody_vouches_for_another_content() throws Exception {
        settle();
        IndexStamps stamps = IndexStamps.read(index);
        DirCacheEntry entry =
                DirCache.read(index.toFile(), InertFileSystem.INSTANCE).getEntry("zz");
        FileStat found = (FileStat) FileStat.of(folder.resolve("zz").toFile(), InertFileSystem.INSTANCE);
        assertThat(stamps.vouchFor(entry, found)).isTrue();
        entry.setObjectId(ObjectId.fromString("1".repeat(40)));
        assertThat(stamps.vouchFor(entry, found)).isFalse();
    }

    @Test
    void what_is_noted_is_what_git_would_have_noted_and_only_of_files_that_are_as_jgit_has_found_them()
            throws Exception {
        byte[] written = Files.readAllBytes(index);
        Map<String, FileStamp> stamps = new HashMap<>();
        for (String name : all()) {
            stamps.put(name, FileStamp.of(folder.resolve(name)).orElseThrow());
        }
        DirCache entries = DirCache.lock(index.toFile(), InertFileSystem.INSTANCE);
        for (int i = 0; i < entries.getEntryCount(); i++) {
            entries.getEntry(i).setCreationTime(0); // as JGit writes it
        }
        entries.write();
        assertThat(entries.commit()).isTrue();
        settle();
        assertThat(vouchedFor()).isEmpty();
        FileStamp zz = stamps.get("zz");
        stamps.put(
                "zz",
                new FileStamp(
                        zz.changed(),
                        zz.modified().plusNanos(1),
                        zz.device(),
                        zz.inode(),
                        zz.user(),
                        zz.group(),
                        zz.size()));
        IndexStamps.note(index, stamps, IndexStamps.Doubts.KEPT);
        settle();
        Set<String> expected = all();
        expected.remove("zz");
        assertThat(vouchedFor()).isEqualTo(expected);
        assertThat(git(folder, "diff-files", "--name-only")).isEqualTo("zz");
        stamps.put("zz", zz);
        IndexStamps.note(index, stamps, IndexStamps.Doubts.KEPT);
        assertThat(Files.readAllBytes(index)).isEqualTo(written);
    }

    @Test
    void all_that_git_notes_is_noted_and_another_inode_is_another_file() throws Exception {
        FileStamp is = FileStamp.of(folder.resolve("zz")).orElseThrow();
        FileStamp other = new FileStamp(is.changed(), is.modified(), 7, is.inode() + 1, 8, 9, is.size());
        IndexStamps.note(index, Map.of("zz", other), IndexStamps.Doubts.KEPT);
        settle();
        Set<String> expected = all();
        expected.remove("zz");
        assertThat(vouchedFor()).isEqualTo(expected);
        assertThat(git(folder, "ls-files", "--debug", "zz"))
                .contains("dev: 7\tino: " + (is.inode() + 1) + "\n", "uid: 8\tgid: 9\n");
    }

    @Test
    void an_index_that_is_cut_off_or_scrambled_vouches_for_nothing_wrong_and_fails_nowhere() throws Exception {
        settle();
        DirCache entries = DirCache.read(index.toFile(), InertFileSystem.INSTANCE);
        byte[] whole = Files.readAllBytes(index);
        Random random = new Random(20261129);
        for (int round = 0; round < 2000; round++) {
            byte[] broken = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int i = 0; i < round % 4 && broken.length > 0; i++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            Files.write(index, broken);
            settle();
            IndexStamps stamps = IndexStamps.read(index);
            for (int i = 0; i < entries.getEntryCount(); i++) {
                DirCacheEntry other = new DirCacheEntry(entries.getEntry(i).getRawPath());
                Path file = folder.resolve(other.getPathString());
                FileStat found = (FileStat) FileStat.of(file.toFile(), InertFileSystem.INSTANCE);
                assertThat(stamps.vouchFor(other, found)).isFalse();
            }
        }
        Files.delete(index);
        assertThat(IndexStamps.read(index).submodules()).isEmpty();
    }
}

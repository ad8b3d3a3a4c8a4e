package dev.angee.internal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileChangesTest {
    private static final Map<String, Optional<FileContent>> STATES = states();

    @TempDir
    Path folder;

    private Path top;
    private Path outside;
    private FileChanges files;

    @BeforeEach
    void makeFolders() throws Exception {
        top = Files.createDirectory(folder.resolve("top"));
        outside =
                Trees.write(folder.resolve("outside/canary"), "canary\n", 0644).getParent();
        files = new FileChanges(top, folder.resolve("run/changes"));
    }

    private static Map<String, Optional<FileContent>> states() {
        Map<String, Optional<FileContent>> states = new TreeMap<>();
        states.put("nothing", Optional.empty());
        states.put("a file", Optional.of(Trees.file("text\n", 0644)));
        states.put("another file", Optional.of(Trees.file("other text\n", 0644)));
        states.put("the same file with another mode", Optional.of(Trees.file("text\n", 0755)));
        states.put("an empty file that only its owner reads", Optional.of(Trees.file("", 0400)));
        states.put("a file that everybody writes", Optional.of(Trees.file("text\n", 0777)));
        states.put("a link out of the folder", Optional.of(FileContent.link("../outside/canary")));
        states.put("a link to a folder outside", Optional.of(FileContent.link("../outside")));
        states.put("a link to nowhere", Optional.of(FileContent.link("no where\n")));
        return states;
    }

    static List<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        STATES.keySet().forEach(from -> STATES.keySet().forEach(to -> pairs.add(Arguments.of(from, to))));
        return pairs;
    }

    private void put(String path, Optional<FileContent> content) throws Exception {
        Path file = top.resolve(path);
        if (content.isEmpty()) {
            return;
        }
        if (content.get().kind() == FileContent.Kind.LINK) {
            Trees.link(file, content.get().link());
        } else {
            Trees.write(
                    file,
                    new String(content.get().content(), StandardCharsets.UTF_8),
                    content.get().mode());
        }
    }

    private static Fingerprint print(Optional<FileContent> content) {
        return content.map(Fingerprint::of).orElse(Fingerprint.absent());
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(files.unfinished()).isEmpty();
        assertThat(Trees.of(folder).keySet()).noneMatch(each -> each.startsWith("run/changes/"));
        assertThat(Trees.of(top).keySet()).noneMatch(each -> each.contains(".angee-"));
        assertThat(Trees.of(outside)).containsExactly(Map.entry("canary", "rw-r--r-- canary\n"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void what_stands_at_a_path_becomes_what_it_is_to_be(String was, String becomes) throws Exception {
        Optional<FileContent> from = STATES.getOrDefault(was, Optional.empty());
        Optional<FileContent> to = STATES.getOrDefault(becomes, Optional.empty());
        put("d/f", from);
        Trees.write(top.resolve("d/g"), "stays\n", 0644);
        Fingerprint before = files.look("d/f");
        assertThat(before).isEqualTo(print(from));
        assertThat(files.apply("w", List.of(new FileChange("d/f", before, to)))).isEmpty();
        assertThat(files.look("d/f")).isEqualTo(print(to));
        if (to.isPresent()) {
            put("expected", to);
            assertThat(Trees.told(top.resolve("d/f"))).isEqualTo(Trees.told(top.resolve("expected")));
            Files.delete(top.resolve("expected"));
        }
        assertThat(Trees.of(top).keySet())
                .containsExactlyElementsOf(to.isPresent() ? List.of("d", "d/f", "d/g") : List.of("d", "d/g"));
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void nothing_changes_if_one_path_is_not_what_it_was(String thought, String is) throws Exception {
        Optional<FileContent> expected = STATES.getOrDefault(thought, Optional.empty());
        Optional<FileContent> found = STATES.getOrDefault(is, Optional.empty());
        if (print(expected).equals(print(found))) {
            return;
        }
        put("d/f", found);
        Map<String, String> before = Trees.of(top);
        List<FileChange> changes = List.of(
                FileChange.write("a/new", Fingerprint.absent(), Trees.file("new\n", 0644)),
                FileChange.write("d/f", print(expected), Trees.file("mine\n", 0644)));
        assertThatThrownBy(() -> files.apply("w", changes))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'d/f'");
        assertThat(Trees.of(top)).isEqualTo(before);
        assertThat(files.unfinished()).isEmpty();
    }

    @Test
    void many_changes_are_made_with_the_folders_they_need_and_without_those_they_empty() throws Exception {
        Trees.make(top);
        Map<String, String> before = Trees.of(top);
        assertThat(files.apply("w", Trees.changes(files))).isEmpty();
        assertThat(Trees.of(top)).isEqualTo(Trees.changed(before));
        assertNothingIsLeft();
        assertThat(files.recover("w")).isEmpty();
    }

    @Test
    void the_top_and_folders_that_are_to_stay_remain_when_they_are_emptied() throws Exception {
        Trees.write(top.resolve("a/b/c/f"), "f", 0644);
        Trees.write(top.resolve("g/f"), "f", 0644);
        List<FileChange> changes = List.of(
                FileChange.delete("a/b/c/f", files.look("a/b/c/f")), FileChange.delete("g/f", files.look("g/f")));
        assertThat(files.apply("w", changes, Set.of("a/b"))).isEmpty();
        assertThat(Trees.of(top).keySet()).containsExactly("a", "a/b");
        assertThat(files.apply("w", List.of(FileChange.delete("x", files.look("x")))))
                .isEmpty();
        Trees.write(top.resolve("x"), "x", 0644);
        assertThat(files.apply("w", List.of(FileChange.delete("x", files.look("x")))))
                .isEmpty();
        assertThat(top).exists();
        assertNothingIsLeft();
    }

    @Test
    void what_does_not_change_is_not_touched_but_checked() throws Exception {
        FileContent same = Trees.file("same\n", 0644);
        Path file = Trees.write(top.resolve("same"), "same\n", 0644);
        Object key = Files.readAttributes(file, "unix:ino").get("ino");
        assertThat(files.apply("w", List.of(FileChange.write("same", Fingerprint.of(same), same))))
                .isEmpty();
        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(key);
        Files.writeString(file, "edited\n");
        assertThatThrownBy(() -> files.apply("w", List.of(FileChange.write("same", Fingerprint.of(same), same))))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void what_is_no_file_or_link_is_told_and_never_replaced() throws Exception {
        Files.createDirectory(top.resolve("folder"));
        assertThat(new ProcessBuilder("mkfifo", top.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (RandomAccessFile huge = new RandomAccessFile(top.resolve("huge").toFile(), "rw")) {
            huge.setLength(1L << 40);
        }
        Trees.link(top.resolve("link"), "../outside");
        Trees.write(top.resolve("file"), "f", 0644);
        Map<String, Fingerprint> odd = new TreeMap<>(Map.of(
                "folder", Fingerprint.folder(),
                "pipe", Fingerprint.other(),
                "huge", Fingerprint.other(),
                "pipe/below", Fingerprint.blocked("pipe"),
                "link/canary", Fingerprint.blocked("link"),
                "link/sub/new", Fingerprint.blocked("link"),
                "file/below/it", Fingerprint.blocked("file")));
        odd.forEach((path, print) -> assertThat(files.look(path)).as(path).isEqualTo(print));
        for (String path : odd.keySet()) {
            for (Fingerprint before : List.of(Fingerprint.absent(), files.look(path))) {
                for (Optional<FileContent> after : STATES.values()) {
                    assertThatThrownBy(() -> files.apply("w", List.of(new FileChange(path, before, after))))
                            .as(path)
                            .isInstanceOf(ConflictException.class)
                            .hasMessageContaining("'" + path + "'");
                }
            }
        }
        assertThat(Files.exists(top.resolve("pipe"), LinkOption.NOFOLLOW_LINKS)).isTrue();
        Files.delete(top.resolve("huge"));
        Files.delete(top.resolve("pipe"));
        assertThat(files.unfinished()).isEmpty();
        assertThat(Trees.of(outside)).containsExactly(Map.entry("canary", "rw-r--r-- canary\n"));
    }

    @Test
    void only_plain_files_are_read_and_no_more_of_them_than_is_asked_for() throws Exception {
        Trees.write(top.resolve("a/f"), "text", 0644);
        Trees.link(top.resolve("link"), "../outside/canary");
        Trees.link(top.resolve("up"), "../outside");
        assertThat(new ProcessBuilder("mkfifo", top.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(files.read("a/f", 4)).asString(StandardCharsets.UTF_8).isEqualTo("text");
        assertRefused("a/f", 3, ErrorCode.INVALID);
        assertRefused("none", 3, ErrorCode.NOT_FOUND);
        assertRefused("none/f", 3, ErrorCode.NOT_FOUND);
        for (String path : List.of("a", "link", "pipe", "up/canary")) {
            assertRefused(path, 1000, ErrorCode.CONFLICT);
        }
    }

    private void assertRefused(String path, int limit, ErrorCode code) {
        assertThatThrownBy(() -> files.read(path, limit))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).as(path).isEqualTo(code));
    }

    @Test
    void all_files_below_a_folder_are_found_and_none_behind_a_link() throws Exception {
        Trees.make(top);
        Trees.link(top.resolve("a/outside"), "../../outside");
        assertThat(new ProcessBuilder("mkfifo", top.resolve("a/pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(files.files("a"))
                .containsExactly("a/keep.txt", "a/link", "a/other.txt", "a/outside", "a/pipe", "a/run.sh");
        assertThat(files.files(""))
                .contains("b/in/only.txt", "becomes-link")
                .doesNotContain("b", "b/in")
                .isSorted();
        assertThat(files.files("none")).isEmpty();
        assertThatThrownBy(() -> files.files("a/outside")).isInstanceOf(ConflictException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/etc/x", "..", "../x", "a/../../x", ".", "a/./b", "a//b", "a/", "a\0b"})
    void a_path_that_is_none_below_the_folder_is_refused(String path) {
        assertThatThrownBy(() -> files.look(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileChange.delete(path, Fingerprint.absent()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void changes_that_contradict_each_other_and_subjects_that_are_no_names_are_refused() {
        FileChange f = FileChange.write("f", Fingerprint.absent(), Trees.file("f", 0644));
        FileChange below = FileChange.write("f/g", Fingerprint.absent(), Trees.file("g", 0644));
        assertThatThrownBy(() -> files.apply("w", List.of(f, f))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.apply("w", List.of(f, below))).isInstanceOf(IllegalArgumentException.class);
        for (String subject : List.of("", "../x", "a/b", ".hidden", "a\nb")) {
            assertThatThrownBy(() -> files.apply(subject, List.of(f))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(top).isEmptyDirectory();
    }

    @Test
    void changes_below_a_mount_of_another_file_store_are_made_too() throws Exception {
        Path shm = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(shm) && !Files.getFileStore(shm).equals(Files.getFileStore(folder)));
        Path elsewhere = Files.createTempDirectory(shm, "angee-test-");
        try {
            FileChanges there = new FileChanges(elsewhere, folder.resolve("run/changes"));
            Trees.make(elsewhere);
            Map<String, String> before = Trees.of(elsewhere);
            assertThat(there.apply("w", Trees.changes(there))).isEmpty();
            assertThat(Trees.of(elsewhere)).isEqualTo(Trees.changed(before));
            assertNothingIsLeft();
        } finally {
            FolderRemoval.of(elsewhere);
        }
    }
}

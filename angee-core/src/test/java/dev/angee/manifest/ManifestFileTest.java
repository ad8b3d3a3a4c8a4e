package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.FileLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ManifestFileTest {
    private static final String TEXT = "# mine\nname: x # x\n";
    private static final List<String> NAME = List.of("name");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void aManifest() throws IOException {
        file = Files.writeString(folder.resolve("angee.yaml"), TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r--r--", "rw-rw-rw-", "rwxr-x---", "r--r--r--"})
    void saving_keeps_the_mode_whatever_it_is_R30(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThat(ManifestEditor.edit(file, editor -> editor.put(NAME, "y"))).isEqualTo(SaveOutcome.WRITTEN);
        assertThat(file).hasContent("# mine\nname: \"y\" # x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(mode);
        assertThat(entries()).containsExactly("angee.yaml", "run");
    }

    @Test
    void the_old_file_is_there_under_its_name_until_the_new_one_is_R29b() throws Exception {
        Recorded recorded = recorded(() -> ManifestEditor.edit(file, editor -> editor.put(NAME, "y")));
        assertThat(recorded.forced)
                .as("first the new bytes, then the folder that names them")
                .satisfiesExactly(
                        path -> assertThat(path).startsWith(folder + "/.new-angee.yaml-"),
                        path -> assertThat(path).isEqualTo(folder.toString()));
        assertThat(file).hasContent("# mine\nname: \"y\" # x");
    }

    @Test
    void nothing_is_written_when_nothing_changed_R43() throws Exception {
        Object before = identity(file);
        assertThat(ManifestEditor.edit(file, editor -> editor.undo(editor.put(NAME, "y"))))
                .isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(ManifestEditor.open(file).save()).isEqualTo(SaveOutcome.UNCHANGED);
        assertThat(identity(file)).isEqualTo(before);
    }

    @Test
    void opening_writes_nothing() throws IOException {
        assertThat(ManifestEditor.open(file).text()).isEqualTo(TEXT);
        assertThat(entries()).containsExactly("angee.yaml");
    }

    @Test
    void of_two_editors_the_slower_is_told_and_overwrites_nothing_R28_C6() {
        ManifestEditor first = ManifestEditor.open(file);
        ManifestEditor second = ManifestEditor.open(file);
        first.put(NAME, "first");
        second.put(NAME, "second");
        assertThat(first.save()).isEqualTo(SaveOutcome.WRITTEN);
        assertThatThrownBy(second::save)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("changed by somebody else since it was read");
        assertThat(file).hasContent("# mine\nname: \"first\" # x");
        first.put(NAME, "third");
        assertThat(first.save()).isEqualTo(SaveOutcome.WRITTEN);
        assertThat(file).hasContent("# mine\nname: \"third\" # x");
    }

    @Test
    void a_file_that_was_deleted_or_relinked_is_not_brought_back_R28() throws IOException {
        ManifestEditor editor = ManifestEditor.open(file);
        editor.put(NAME, "y");
        Files.delete(file);
        assertThatThrownBy(editor::save).isInstanceOf(ConflictException.class);
        Files.createSymbolicLink(file, Files.writeString(folder.resolve("other"), TEXT));
        assertThatThrownBy(editor::save).isInstanceOf(ConflictException.class);
        assertThat(folder.resolve("other")).hasContent(TEXT.strip());
    }

    @Test
    void what_the_check_refuses_is_not_written() {
        assertThatThrownBy(() -> ManifestEditor.edit(file, editor -> editor.put(List.of("nonsense"), 1)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("nonsense: is not a known key");
        assertThat(file).hasContent(TEXT.strip());
    }

    @Test
    void threads_lose_no_update_R28_C6() throws Exception {
        EditOptions options = EditOptions.defaults();
        inThreads(
                8,
                25,
                (thread, turn) -> ManifestEditor.edit(
                        file,
                        options,
                        editor -> editor.put(List.of("volumes", "v" + thread + "-" + turn), java.util.Map.of())));
        assertThat(new ManifestReader().read(file).volumes()).hasSize(200);
    }

    @Test
    void two_roots_that_link_to_one_file_lose_no_update_and_stay_links_C6() throws Exception {
        List<Path> links = new ArrayList<>();
        for (String root : List.of("a", "b")) {
            Path made = Files.createDirectory(folder.resolve(root));
            links.add(Files.createSymbolicLink(made.resolve("angee.yaml"), Path.of("../angee.yaml")));
        }
        inThreads(
                4,
                20,
                (thread, turn) -> ManifestEditor.edit(
                        links.get(thread % 2),
                        editor -> editor.put(List.of("volumes", "v" + thread + "-" + turn), java.util.Map.of())));
        assertThat(new ManifestReader().read(file).volumes()).hasSize(80);
        assertThat(links).allMatch(Files::isSymbolicLink);
    }

    @Test
    void an_edit_is_made_again_on_what_an_outsider_wrote_meanwhile_R28() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        ManifestEditor.edit(file, editor -> {
            if (calls.getAndIncrement() < 3) {
                write(file, TEXT + "# " + calls.get() + "\n");
            }
            editor.put(NAME, "y");
        });
        assertThat(calls).hasValue(4);
        assertThat(file).hasContent("# mine\nname: \"y\" # x\n# 3");
        assertThatThrownBy(() -> ManifestEditor.edit(file, editor -> {
                    write(file, TEXT + "# " + calls.getAndIncrement() + "\n");
                    editor.put(NAME, "z");
                }))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void a_link_that_is_turned_while_it_is_edited_is_edited_under_the_lock_of_its_new_target_C6() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        Path target = Files.writeString(there.resolve("angee.yaml"), TEXT);
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("here")).resolve("angee.yaml"), file);
        List<Path> held = new ArrayList<>();
        ManifestEditor.edit(link, editor -> {
            if (held.isEmpty()) {
                relink(link, target);
            }
            held.add(isHeld(there.resolve("run/manifest.lock")) ? target : file);
            editor.put(NAME, "y");
        });
        assertThat(held).startsWith(file).endsWith(target);
        assertThat(target).hasContent("# mine\nname: \"y\" # x");
        assertThat(file).hasContent(TEXT.strip());
    }

    private static boolean isHeld(Path lock) {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            return other.submit(() -> {
                        try (FileLocks.Held held = FileLocks.take(lock, "look", Duration.ZERO)) {
                            held.check();
                            return false;
                        } catch (ConflictException e) {
                            return true;
                        }
                    })
                    .get();
        } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            other.shutdownNow();
        }
    }

    private static void relink(Path link, Path target) {
        try {
            Files.delete(link);
            Files.createSymbolicLink(link, target);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_lock_that_is_held_is_waited_for_and_its_holder_named() {
        EditOptions impatient = new EditOptions(ManifestCheck.reader(), YamlLimits.standard(), Duration.ofMillis(50));
        ManifestEditor editor = ManifestEditor.open(file, impatient);
        editor.put(NAME, "y");
        try (FileLocks.Held held =
                FileLocks.take(folder.resolve("run/manifest.lock"), "paint", Duration.ofSeconds(10))) {
            held.check();
            assertThatThrownBy(editor::save)
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("'paint'");
        }
        assertThat(editor.save()).isEqualTo(SaveOutcome.WRITTEN);
    }

    @Test
    void what_a_dead_editor_left_is_removed_by_the_next_save_R29b() throws IOException {
        Files.writeString(folder.resolve(".new-angee.yaml-123"), "half");
        Files.writeString(folder.resolve(".new-other.yaml-123"), "not ours");
        ManifestEditor.edit(file, editor -> editor.put(NAME, "y"));
        assertThat(entries()).containsExactly(".new-other.yaml-123", "angee.yaml", "run");
    }

    @Test
    void what_is_no_manifest_is_refused_before_it_is_read_whole() throws IOException {
        assertThatThrownBy(() -> ManifestEditor.open(folder.resolve("none"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> ManifestEditor.open(folder)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> ManifestEditor.open(Path.of("/dev/zero"))).isInstanceOf(ConflictException.class);
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> ManifestEditor.open(file)).hasMessageContaining("not UTF-8");
        Files.writeString(file, "a: " + "x".repeat(100));
        EditOptions small = EditOptions.defaults().withLimits(new YamlLimits(50, 10, 10));
        assertThatThrownBy(() -> ManifestEditor.open(file, small)).hasMessageContaining("larger than 50 characters");
        Files.writeString(file, TEXT);
        assertThatThrownBy(() -> ManifestEditor.edit(file, small, editor -> editor.put(NAME, "é".repeat(24))))
                .isInstanceOf(InvalidDocumentException.class);
        assertThat(file).hasContent(TEXT.strip());
    }

    private List<String> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static Object identity(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private record Recorded(List<String> forced) {}

    /** What was forced to disk, as the JVM itself reports it. */
    private Recorded recorded(Runnable action) throws IOException {
        Path dump = Files.createTempFile("forced", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            action.run();
            recording.stop();
            recording.dump(dump);
            List<String> forced = new ArrayList<>();
            for (RecordedEvent event : RecordingFile.readAllEvents(dump)) {
                if (String.valueOf(event.getString("path")).startsWith(folder.toString())) {
                    forced.add(event.getString("path"));
                }
            }
            return new Recorded(forced);
        } finally {
            Files.delete(dump);
        }
    }

    private interface Turn {
        void take(int thread, int turn);
    }

    private static void inThreads(int threads, int turns, Turn turn) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                work.add(() -> {
                    for (int j = 0; j < turns; j++) {
                        turn.take(thread, j);
                    }
                    return null;
                });
            }
            for (Future<Void> each : pool.invokeAll(work)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

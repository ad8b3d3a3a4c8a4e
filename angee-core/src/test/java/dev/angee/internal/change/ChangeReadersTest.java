package dev.angee.internal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.angee.AngeeException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others see of files while they are changed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ChangeReadersTest {
    private static final int TIMES = 200;
    private static final String LAST = "before going on to TIDYING";
    private static final SecondNames NONE = (folder, name, workshop, second) -> false;

    @TempDir
    Path folder;

    private Path top;
    private int ids;

    @BeforeEach
    void makeTop() throws Exception {
        top = Files.createDirectory(folder.resolve("top"));
    }

    private FileChanges files(Step step, SecondNames names) {
        return new FileChanges(top, folder.resolve("run/changes"), () -> String.format("%08x", ids++), step, names);
    }

    /** As if something had failed. */
    private static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whoever_looks_all_the_time_never_misses_a_file_that_is_replaced_or_put_back() throws Exception {
        Path file = Trees.write(top.resolve("f"), "version 0", 0644);
        Path link = Trees.link(top.resolve("link"), "version 0");
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> look(file, link, ended));
        try {
            for (int i = 1; i <= TIMES; i++) {
                replace(i, i % 4 == 0);
            }
        } finally {
            ended.set(true);
        }
        assertThat(reader.get(1, TimeUnit.MINUTES)).isGreaterThan(TIMES);
    }

    private void replace(int number, boolean fails) throws IOException {
        AtomicBoolean failed = new AtomicBoolean();
        FileChanges files = files(
                label -> {
                    if (fails && label.equals(LAST) && !failed.getAndSet(true)) {
                        throw new Fault();
                    }
                },
                HeldFolder::link);
        String text = "version " + number;
        List<FileChange> changes = List.of(
                FileChange.write("f", files.look("f"), Trees.file(text, 0644)),
                FileChange.write("link", files.look("link"), FileContent.link(text)));
        if (fails) {
            assertThatThrownBy(() -> files.apply("w", changes)).isInstanceOf(Fault.class);
        } else {
            assertThat(files.apply("w", changes)).isEmpty();
        }
        String expected = fails ? "version " + (number - 1) : text;
        assertThat(top.resolve("f")).hasContent(expected);
        assertThat(Files.readSymbolicLink(top.resolve("link"))).hasToString(expected);
    }

    private static int look(Path file, Path link, AtomicBoolean ended) {
        int looks = 0;
        while (!ended.get()) {
            try {
                assertThat(Files.readString(file)).matches("version [0-9]+");
                assertThat(Files.readSymbolicLink(link).toString()).matches("version [0-9]+");
            } catch (IOException e) {
                throw new AssertionError("missed after " + looks + " looks", e);
            }
            looks++;
        }
        return looks;
    }

    @Test
    void at_no_step_of_a_change_that_is_taken_back_or_made_is_a_replaced_file_missing() throws Exception {
        Trees.make(top);
        Map<String, String> before = Trees.of(top);
        List<String> replaced = List.of("a/keep.txt", "a/run.sh", "a/link", "becomes-link", "becomes-file");
        List<String> missed = new ArrayList<>();
        assertThatThrownBy(() -> applyLooking(HeldFolder::link, true, replaced, missed))
                .isInstanceOf(Fault.class);
        assertThat(Trees.of(top)).isEqualTo(before);
        applyLooking(HeldFolder::link, false, replaced, missed);
        assertThat(Trees.of(top)).isEqualTo(Trees.changed(before));
        assertThat(missed).isEmpty();
    }

    @Test
    void where_no_file_can_have_a_second_name_each_is_missing_for_a_moment_and_all_is_made_or_taken_back()
            throws Exception {
        Trees.make(top);
        Map<String, String> before = Trees.of(top);
        List<String> replaced = List.of("a/keep.txt", "a/run.sh", "a/link", "becomes-link", "becomes-file");
        List<String> missed = new ArrayList<>();
        assertThatThrownBy(() -> applyLooking(NONE, true, replaced, missed)).isInstanceOf(Fault.class);
        assertThat(Trees.of(top)).isEqualTo(before);
        applyLooking(NONE, false, replaced, missed);
        assertThat(Trees.of(top)).isEqualTo(Trees.changed(before));
        assertThat(new TreeSet<>(missed)).containsExactlyInAnyOrderElementsOf(replaced);
    }

    private void applyLooking(SecondNames names, boolean fails, List<String> paths, List<String> missed) {
        AtomicBoolean failed = new AtomicBoolean(!fails);
        Step step = label -> {
            paths.stream()
                    .filter(each -> !Files.exists(top.resolve(each), LinkOption.NOFOLLOW_LINKS))
                    .forEach(missed::add);
            if (label.equals(LAST) && !failed.getAndSet(true)) {
                throw new Fault();
            }
        };
        FileChanges files = files(step, names);
        assertThat(files.apply("w", Trees.changes(files))).isEmpty();
    }

    /** As if the process were no more, from then on. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void a_death_with_the_old_under_two_names_and_the_new_removed_since_leaves_all_as_before() throws Exception {
        Trees.write(top.resolve("f"), "old", 0644);
        AtomicBoolean dead = new AtomicBoolean();
        Step step = label -> {
            if (dead.get() || label.equals("before moving the new f in")) {
                dead.set(true);
                throw new Death();
            }
        };
        FileChanges dying = files(step, HeldFolder::link);
        List<FileChange> changes = List.of(FileChange.write("f", dying.look("f"), Trees.file("new", 0644)));
        assertThatThrownBy(() -> dying.apply("w", changes)).isInstanceOf(Death.class);
        List<String> names = List.copyOf(Trees.of(top).keySet());
        assertThat(names).hasSize(3).contains("f");
        String staged = names.get(0).endsWith(".new") ? names.get(0) : names.get(1);
        Files.delete(top.resolve(staged));
        ChangeRecovery recovery =
                files(label -> {}, HeldFolder::link).recover("w").orElseThrow();
        assertThat(recovery.completed()).isFalse();
        assertThat(recovery.kept()).isEmpty();
        assertThat(Trees.of(top)).containsExactly(Map.entry("f", "rw-r--r-- old"));
    }

    @Test
    void what_somebody_writes_to_the_new_before_the_old_is_put_back_stays_and_the_old_is_kept_beside_it()
            throws Exception {
        assertThat(writeTakingBack("before moving the old f back")).hasMessageContaining("'f.angee-before-00000000'");
        assertThat(Trees.of(top))
                .containsExactly(
                        Map.entry("f", "rw-r--r-- mine"), Map.entry("f.angee-before-00000000", "rw-r--r-- old"));
    }

    @Test
    void what_somebody_writes_to_the_new_as_the_old_is_put_back_is_kept_beside_it_and_told() throws Exception {
        assertThat(writeTakingBack("after moving .angee-00000000-0.old to f"))
                .hasMessageContaining("'f.angee-edited-00000000'");
        assertThat(Trees.of(top))
                .containsExactly(
                        Map.entry("f", "rw-r--r-- old"), Map.entry("f.angee-edited-00000000", "rw-r--r-- mine"));
    }

    /** Has a change of a file fail, while somebody has the new one open and writes to it at a step of taking it back. */
    private Throwable writeTakingBack(String when) throws IOException {
        Trees.write(top.resolve("f"), "old", 0644);
        List<FileChannel> handles = new ArrayList<>();
        Step step = label -> {
            try {
                if (label.equals(LAST)) {
                    handles.add(FileChannel.open(top.resolve("f"), StandardOpenOption.WRITE));
                    throw new Fault();
                }
                if (label.equals(when)) {
                    handles.get(0).write(ByteBuffer.wrap("mine".getBytes(StandardCharsets.UTF_8)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        FileChanges files = files(step, HeldFolder::link);
        List<FileChange> changes = List.of(FileChange.write("f", files.look("f"), Trees.file("new", 0644)));
        Throwable thrown = catchThrowable(() -> files.apply("w", changes));
        for (FileChannel each : handles) {
            each.close();
        }
        assertThat(thrown).isInstanceOf(AngeeException.class);
        return thrown;
    }

    @Test
    void a_file_or_link_of_a_held_folder_gets_a_second_name_and_what_took_the_place_of_the_folder_gets_none()
            throws Exception {
        Files.createDirectories(top.resolve("d"));
        Trees.write(top.resolve("d/f"), "f", 0644);
        Trees.link(top.resolve("d/link"), "f");
        Path other = Trees.write(folder.resolve("other/f"), "other", 0644).getParent();
        Path ours = Files.createDirectory(folder.resolve("ours"));
        try (HeldFolder held = HeldFolder.at(top.resolve("d"));
                HeldFolder workshop = HeldFolder.at(ours)) {
            assertThat(held.link("f", workshop, "one")).isTrue();
            assertThat(held.link("link", workshop, "two")).isTrue();
            assertThat(held.link("none", workshop, "three")).isFalse();
            assertThat(Files.isSameFile(ours.resolve("one"), top.resolve("d/f")))
                    .isTrue();
            assertThat(Files.readSymbolicLink(ours.resolve("two"))).hasToString("f");
            Files.move(top.resolve("d"), top.resolve("moved"));
            Files.createSymbolicLink(top.resolve("d"), other);
            assertThat(held.link("f", workshop, "four")).isFalse();
            workshop.move("one", held, "again");
            assertThat(held.isSame("f", "again")).isTrue();
            assertThat(held.isSame("f", "link")).isFalse();
            assertThat(held.isSame("none", "nothing")).isFalse();
        }
        assertThat(Trees.of(ours).keySet()).containsExactly("two");
        assertThat(Trees.of(other).keySet()).containsExactly("f");
    }
}

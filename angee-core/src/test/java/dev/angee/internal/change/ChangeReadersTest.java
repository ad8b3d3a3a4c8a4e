package dev.angee.internal.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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

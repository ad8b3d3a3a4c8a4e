package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On real folders; skipped where the platform does not tell of changes as they happen. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FolderWatchTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private FolderWatch<String> watch;
    private long seen;

    @BeforeEach
    void open() throws Exception {
        folder = folder.toRealPath();
        Files.createDirectories(folder.resolve("a/b/c"));
        try {
            watch = new FolderWatch<>(1000, 2000);
        } catch (IOException e) {
            assumeThat(false).as(e.getMessage()).isTrue();
        }
        assertThat(watch("it", folder)).isTrue();
        seen = watch.version("it");
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
    }

    @Test
    void every_kind_of_change_is_heard_before_the_next_question_is_answered() throws Exception {
        Path file = folder.resolve("a/b/file");
        heard("nothing", false, () -> {});
        heard("a new file", true, () -> Files.writeString(file, "1"));
        heard("other contents", true, () -> Files.writeString(file, "2"));
        heard("another mode", true, () -> file.toFile().setExecutable(true));
        heard("a replaced file", true, () -> {
            Path other = Files.writeString(folder.resolveSibling(folder.getFileName() + "-other"), "3");
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        });
        heard("a link", true, () -> Files.createSymbolicLink(folder.resolve("a/link"), Path.of("b")));
        heard("a deleted file", true, () -> Files.delete(file));
        heard("a new folder", true, () -> Files.createDirectories(folder.resolve("d/e/f")));
        heard("a file in a new folder", true, () -> Files.writeString(folder.resolve("d/e/f/file"), "1"));
        heard("a moved folder", true, () -> Files.move(folder.resolve("d/e"), folder.resolve("a/e")));
        heard("a file in a moved folder", true, () -> Files.writeString(folder.resolve("a/e/f/file"), "2"));
        heard("a folder gone", true, () -> Files.delete(folder.resolve("a/b/c")));
        heard("a folder back", true, () -> Files.createDirectory(folder.resolve("a/b/c")));
        heard("a file in a folder that came back", true, () -> Files.writeString(folder.resolve("a/b/c/x"), "1"));
        heard("still nothing", false, () -> {});
    }

    @Test
    void what_comes_into_folders_as_they_are_made_is_never_missed() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            Path deep = folder.resolve("r" + round);
            for (int depth = random.nextInt(5); depth >= 0; depth--) {
                deep = deep.resolve("d" + depth);
            }
            Path made = Files.createDirectories(deep);
            Path file = made.resolve("file");
            heard("round " + round, true, () -> Files.writeString(file, "1"));
        }
    }

    @Test
    void a_top_that_is_deleted_and_made_again_is_known_to_be_unheard() throws Exception {
        Path top = Files.createDirectory(folder.resolveSibling(folder.getFileName() + "-top"));
        assertThat(watch("it", top)).isTrue();
        Files.delete(top);
        Files.createDirectory(top); // as likely as not it is the same inode
        assertThat(watch.caughtUp(SOON)).isTrue();
        assertThat(watch.isWhole("it")).isFalse();
        assertThat(watch("it", top)).isTrue();
        seen = watch.version("it");
        heard("in the one that came back", true, () -> Files.writeString(top.resolve("file"), "1"));
    }

    @Test
    void a_version_never_comes_again() throws Exception {
        Files.writeString(folder.resolve("a/file"), "1");
        assertThat(watch.caughtUp(SOON)).isTrue();
        long before = watch.version("it");
        assertThat(watch("it", folder)).isTrue();
        assertThat(watch.version("it")).as("it was watched anew").isGreaterThan(before);
        watch.forget("it");
        assertThat(watch("it", folder)).isTrue();
        assertThat(watch.version("it")).isGreaterThan(before + 1);
    }

    @Test
    void events_that_were_lost_make_everything_be_watched_anew() throws Exception {
        FolderWatch<String> held = watch;
        synchronized (held) { // it cannot listen, so events pile up beyond what a key holds
            for (int i = 0; i < 600; i++) {
                Files.createFile(folder.resolve("f" + i));
            }
            Files.createDirectories(folder.resolve("new/deep"));
        }
        assertThat(watch.caughtUp(SOON)).isTrue();
        assertThat(watch.version("it")).isGreaterThan(seen);
        assertThat(watch.isWhole("it")).as("it may have missed a folder").isFalse();
        assertThat(watch("it", folder)).isTrue();
        seen = watch.version("it");
        heard("in a folder whose making was lost", true, () -> Files.writeString(folder.resolve("new/deep/file"), "1"));
    }

    @Test
    void only_what_matters_moves_it_and_each_subject_on_its_own() throws Exception {
        assertThat(watch.watch("picky", List.of(new FolderWatch.Root(folder, path -> path.endsWith("x/main")))))
                .isTrue();
        Files.createDirectories(folder.resolve("x"));
        assertThat(watch.caughtUp(SOON)).isTrue();
        long before = watch.version("picky");
        Files.writeString(folder.resolve("x/other"), "1");
        assertThat(watch.caughtUp(SOON)).isTrue();
        assertThat(watch.version("picky")).isEqualTo(before);
        assertThat(watch.version("it")).isGreaterThan(seen);
        Files.writeString(folder.resolve("x/main"), "1");
        assertThat(watch.caughtUp(SOON)).isTrue();
        assertThat(watch.version("picky")).isGreaterThan(before);
        watch.forget("picky");
        assertThat(watch.version("picky")).isEqualTo(-1);
        heard("by the other still", true, () -> Files.writeString(folder.resolve("x/main"), "2"));
    }

    @Test
    void what_is_wanted_is_heard_in_time_also_through_noise_in_the_same_folder() throws Exception {
        assertThat(watch.watch("picky", List.of(new FolderWatch.Root(folder, path -> path.endsWith("wanted")))))
                .isTrue();
        AtomicBoolean enough = new AtomicBoolean();
        Thread noise = new Thread(() -> {
            while (!enough.get()) {
                write(folder.resolve("noise"));
            }
        });
        noise.start();
        try {
            for (int round = 0; round < 2000; round++) {
                long before = watch.version("picky");
                write(folder.resolve("wanted"));
                assertThat(watch.caughtUp(SOON)).isTrue();
                assertThat(watch.version("picky")).as("round " + round).isGreaterThan(before);
            }
        } finally {
            enough.set(true);
            noise.join();
        }
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void too_many_folders_are_not_watched() throws Exception {
        Path many = Files.createDirectories(folder.resolve("many"));
        for (int i = 0; i < 1000; i++) {
            Files.createDirectory(many.resolve("d" + i));
        }
        assertThat(watch("many", many)).isFalse();
        assertThat(watch("missing", folder.resolve("none"))).isFalse();
        Path few = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-few"));
        assertThat(watch("few", few))
                .as("a failure takes nothing from the others")
                .isTrue();
    }

    @Test
    void who_waits_is_woken_by_a_change_and_by_the_end() throws Exception {
        long moves = watch.moves();
        Thread writer = new Thread(() -> write(folder.resolve("late")));
        writer.start();
        watch.await(moves, SOON);
        assertThat(watch.moves()).isGreaterThan(moves);
        writer.join();
        assertThat(watch.caughtUp(SOON)).isTrue();
        Thread closer = new Thread(watch::close);
        closer.start();
        watch.await(watch.moves(), SOON);
        closer.join();
        assertThat(watch.caughtUp(SOON)).isFalse();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("angee-watch");
    }

    private boolean watch(String subject, Path root) {
        return watch.watch(subject, List.of(new FolderWatch.Root(root, path -> true)));
    }

    private interface Change {
        void make() throws IOException;
    }

    private void heard(String what, boolean expected, Change change) throws IOException {
        change.make();
        assertThat(watch.caughtUp(SOON)).as(what).isTrue();
        long now = watch.version("it");
        assertThat(now > seen).as(what).isEqualTo(expected);
        seen = now;
    }
}

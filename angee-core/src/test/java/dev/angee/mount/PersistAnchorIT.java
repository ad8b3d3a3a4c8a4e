package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other processes that make persist folders: with another umask, and several at once. */
class PersistAnchorIT {
    private static final Map<String, String> SUBPATHS = Map.of("a", "one/two/a", "b", "one/b", "c", "c");

    @TempDir
    Path folder;

    /** What the other processes run. */
    public static final class Maker {
        private Maker() {}

        /** Makes the folders below a root. */
        public static void main(String[] root) {
            PersistAnchor.of(Path.of(root[0]), Optional.empty()).create(SUBPATHS);
        }
    }

    @Test
    void folders_are_for_all_to_enter_whatever_the_umask() throws Exception {
        finish(List.of(maker("umask 077")));
        for (String each : List.of("one", "one/two", "one/two/a", "one/b", "c")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(each))))
                    .as(each)
                    .isEqualTo("rwxr-xr-x");
        }
    }

    @Test
    void processes_that_make_the_same_folders_at_once_do_not_get_in_each_others_way() throws Exception {
        List<Process> makers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            makers.add(maker("while ! test -e '" + folder + "/go'; do :; done"));
        }
        Files.writeString(folder.resolve("go"), "");
        finish(makers);
        assertThat(PersistAnchor.of(folder, Optional.empty()).create(SUBPATHS).paths())
                .isEmpty();
    }

    private Process maker(String before) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        before + "; exec \"$0\" \"$@\"",
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Maker.class.getName(),
                        folder.toRealPath().toString())
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(folder, "out", ".txt").toFile())
                .start();
    }

    private static void finish(List<Process> makers) throws InterruptedException {
        for (Process each : makers) {
            if (!each.waitFor(60, TimeUnit.SECONDS)) {
                each.destroyForcibly();
            }
            assertThat(each.exitValue()).isZero();
        }
    }
}

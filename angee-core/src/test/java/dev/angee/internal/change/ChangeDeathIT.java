package dev.angee.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.internal.FolderRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM ends at each step of a change, and at each step of a recovery, as if it had been killed; another one recovers. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ChangeDeathIT {
    private static final int KILLED = 137;

    @TempDir
    Path folder;

    private Path top;
    private Path journals;

    private void reset() throws Exception {
        top = folder.resolve("top");
        journals = folder.resolve("run");
        FolderRemoval.of(top);
        FolderRemoval.of(journals);
        Files.createDirectories(top);
        Trees.make(top);
    }

    /** Changes or recovers, and ends at a step. */
    static final class Doomed {
        private Doomed() {}

        public static void main(String[] arguments) {
            int last = Integer.parseInt(arguments[3]);
            AtomicInteger steps = new AtomicInteger();
            Path top = Path.of(arguments[0]);
            Path journals = Path.of(arguments[1]);
            FileChanges files = new FileChanges(top, journals, () -> "0123456789abcdef", label -> {
                if (steps.incrementAndGet() == last) {
                    Runtime.getRuntime().halt(KILLED);
                }
            });
            if (arguments[2].equals("recover")) {
                System.out.println(files.recover("w"));
            } else {
                System.out.println(files.apply("w", Trees.changes(new FileChanges(top, journals))));
            }
        }
    }

    private int run(String what, int last) throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Doomed.class.getName(),
                        top.toString(),
                        journals.toString(),
                        what,
                        Integer.toString(last)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jvm.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return jvm.exitValue();
    }

    @Test
    void a_jvm_that_dies_at_any_step_leaves_what_the_next_makes_or_takes_back_wholly() throws Exception {
        reset();
        Map<String, String> before = Trees.of(top);
        Map<String, String> after = Trees.changed(before);
        List<Boolean> outcomes = new ArrayList<>();
        int exit = KILLED;
        for (int i = 1; exit == KILLED; i++) {
            reset();
            exit = run("apply", i);
            int died = exit == KILLED ? run("recover", 1 + i % 7) : 0; // and the one that recovers may die as well
            FileChanges files = new FileChanges(top, journals);
            Optional<ChangeRecovery> recovery = files.recover("w");
            String where = "step " + i + " and exit " + died;
            Map<String, String> tree = Trees.of(top);
            assertThat(tree).as(where).isIn(before, after);
            recovery.ifPresent(each -> assertThat(tree).as(where).isEqualTo(each.completed() ? after : before));
            recovery.ifPresent(each -> assertThat(each.kept()).as(where).isEmpty());
            assertThat(files.recover("w")).as(where).isEmpty();
            assertThat(files.unfinished()).as(where).isEmpty();
            assertThat(journals)
                    .satisfiesAnyOf(
                            each -> assertThat(each).doesNotExist(),
                            each -> assertThat(each).isEmptyDirectory());
            outcomes.add(tree.equals(after));
        }
        assertThat(exit).isZero();
        assertThat(outcomes).hasSizeGreaterThan(60);
        assertThat(new TreeSet<>(outcomes)).containsExactly(false, true);
        assertThat(outcomes).isSorted(); // undone before it was committed, and made from then on
    }
}

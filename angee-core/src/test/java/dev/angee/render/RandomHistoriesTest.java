package dev.angee.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People edit, templates are upgraded, in any order; a plain three-way comparison of maps says what has to come of it. */
class RandomHistoriesTest {
    private static final int HISTORIES = 250;
    private static final int UPGRADES = 6;
    private static final List<String> PATHS = List.of("a", "b", "c/d", "c/e", "f/g/h", "f/i");
    private static final List<String> CONTENTS = List.of("one", "two", "three", "!one", "->b", "->no");

    /** Each change is made durable, with which a disk spends nearly all of the time; memory has nothing to make durable. */
    @TempDir(factory = InMemory.class)
    private Path top;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void no_edit_is_lost_and_a_second_run_changes_nothing(int seed) throws IOException {
        Random random = new Random(seed);
        for (int history = 0; history < HISTORIES; history++) {
            RenderedFolder folder = new RenderedFolder(top.resolve(String.valueOf(history)));
            SortedMap<String, String> base = new TreeMap<>();
            for (int upgrade = 0; upgrade < UPGRADES; upgrade++) {
                for (int edit = random.nextInt(3); edit > 0; edit--) {
                    folder.edit(any(random, PATHS), random.nextInt(4) == 0 ? "" : any(random, CONTENTS));
                }
                base = upgrade(folder, base, template(random, base), random);
            }
        }
    }

    private static SortedMap<String, String> template(Random random, Map<String, String> last) {
        SortedMap<String, String> next = new TreeMap<>(last);
        for (int change = random.nextInt(4); change > 0; change--) {
            if (random.nextInt(3) == 0) {
                next.remove(any(random, PATHS));
            } else {
                next.put(any(random, PATHS), any(random, CONTENTS));
            }
        }
        return next;
    }

    /** Returns what the last rendering is from now on. */
    private static SortedMap<String, String> upgrade(
            RenderedFolder folder, SortedMap<String, String> base, SortedMap<String, String> theirs, Random random)
            throws IOException {
        SortedMap<String, String> ours = folder.tree();
        SortedMap<String, String> expected = new TreeMap<>(ours);
        TreeSet<String> conflicts = new TreeSet<>();
        for (String path : PATHS) {
            @Nullable String now = theirs.get(path);
            if (Objects.equals(ours.get(path), base.get(path))) {
                expected.remove(path);
                if (now != null) {
                    expected.put(path, now);
                }
            } else if (!Objects.equals(now, base.get(path)) && !Objects.equals(now, ours.get(path))) {
                conflicts.add(path);
            }
        }
        RenderPlan plan = folder.plan(theirs, RenderedFolder.REFUSE);
        assertThat(plan.conflicts().stream().map(RenderConflict::path))
                .as("%s → %s, here %s", base, theirs, ours)
                .containsExactlyElementsOf(conflicts);
        if (conflicts.isEmpty()) {
            folder.reconciler().apply(plan);
            assertThat(folder.tree()).as("%s → %s, here %s", base, theirs, ours).isEqualTo(expected);
        } else {
            assertThatThrownBy(() -> folder.reconciler().apply(plan)).isInstanceOf(ConflictException.class);
            assertThat(folder.tree()).isEqualTo(ours);
            if (random.nextBoolean()) {
                return base;
            }
            folder.reconciler().apply(folder.plan(theirs, RenderedFolder.OVERWRITE));
            requireOverwritten(folder.tree(), ours, theirs, base);
        }
        SortedMap<String, String> after = folder.tree();
        RenderPlan again = folder.plan(theirs, RenderedFolder.REFUSE);
        assertThat(again.changes()).isEmpty();
        assertThat(again.conflicts()).isEmpty();
        folder.reconciler().apply(again);
        assertThat(folder.tree()).isEqualTo(after);
        return theirs;
    }

    /** All that is rendered is there, all that was and is not any more is gone, all else stays. */
    private static void requireOverwritten(
            Map<String, String> tree, Map<String, String> ours, Map<String, String> theirs, Map<String, String> base) {
        SortedMap<String, String> expected = new TreeMap<>(ours);
        expected.keySet().removeAll(base.keySet());
        expected.putAll(theirs);
        assertThat(tree).isEqualTo(expected);
    }

    /** Makes the folder in memory, where the system has such. */
    static final class InMemory implements TempDirFactory {
        private static final Path MEMORY = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "angee-histories")
                    : Files.createTempDirectory("angee-histories");
        }
    }

    private static String any(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}

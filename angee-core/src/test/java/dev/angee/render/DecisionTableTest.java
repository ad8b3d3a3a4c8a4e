package dev.angee.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@code docs/templates.md}: what was rendered, what is here, what is rendered now; each on a real folder. */
class DecisionTableTest {
    private static final String NOTHING = "-";

    /** Base, ours, theirs; what is done; what is done with overwrite. */
    private static final List<String> ROWS = List.of(
            "- - B add add",
            "- B B adopt adopt",
            "- C B untracked modify",
            "- C - nothing nothing",
            "A - - nothing nothing",
            "A A - delete delete",
            "A C - modified delete",
            "A - A nothing add",
            "A - B modified add",
            "A A A nothing nothing",
            "A C A nothing modify",
            "A B B adopt adopt",
            "A A B modify modify",
            "A C B modified modify");

    /** How A, B and C look: as texts, as links, as one text that may be executed or not, and as things of other kinds. */
    private static final Map<String, List<String>> FORMS = Map.of(
            "files", List.of("one", "two", "three"),
            "links", List.of("->one", "->two", "->three"),
            "modes", List.of("!same", "same", "~same"),
            "a link here", List.of("one", "two", "->three"),
            "a link upstream", List.of("one", "->two", "three"),
            "a link before", List.of("->one", "two", "three"));

    @TempDir
    private Path top;

    static Stream<Arguments> rows() {
        List<Arguments> all = new ArrayList<>();
        FORMS.forEach((form, versions) -> ROWS.forEach(row -> all.add(Arguments.of(form, versions, row))));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("rows")
    void each_row_holds(String form, List<String> versions, String row) throws IOException {
        String[] cells = row.split(" ", -1);
        for (RenderOptions options : List.of(RenderedFolder.REFUSE, RenderedFolder.OVERWRITE)) {
            boolean overwrite = options.equals(RenderedFolder.OVERWRITE);
            RenderedFolder folder = new RenderedFolder(top.resolve(String.valueOf(overwrite)));
            folder.render(files(version(versions, cells[0])));
            folder.edit("sub/x", version(versions, cells[1]));
            SortedMap<String, String> before = folder.tree();
            Map<String, String> theirs = files(version(versions, cells[2]));
            RenderPlan plan = folder.plan(theirs, options);
            assertThat(said(plan)).as(options.toString()).isEqualTo(expected(cells[overwrite ? 4 : 3], before, theirs));
            assertThat(folder.tree()).as("looking changes nothing").isEqualTo(before);
            if (!plan.conflicts().isEmpty()) {
                assertThatThrownBy(() -> folder.reconciler().apply(plan))
                        .isInstanceOf(ConflictException.class)
                        .hasMessageContaining("sub/x");
                assertThat(folder.tree()).isEqualTo(before);
                continue;
            }
            folder.reconciler().apply(plan);
            boolean stays = cells[overwrite ? 4 : 3].equals("nothing");
            assertThat(folder.tree()).isEqualTo(stays ? before : theirs);
            assertThat(folder.plan(theirs, RenderedFolder.REFUSE).changes())
                    .as("again")
                    .isEmpty();
        }
    }

    private static String version(List<String> versions, String name) {
        return name.equals(NOTHING) ? "" : versions.get("ABC".indexOf(name));
    }

    private static Map<String, String> files(String content) {
        return content.isEmpty() ? Map.of() : Map.of("sub/x", content);
    }

    /** A conflict between a file and a link has a reason of its own. */
    private static String expected(String cell, Map<String, String> ours, Map<String, String> theirs) {
        boolean conflict = cell.equals("untracked") || cell.equals("modified");
        boolean kinds = !ours.isEmpty()
                && !theirs.isEmpty()
                && ours.get("sub/x").startsWith("->") != theirs.get("sub/x").startsWith("->");
        return conflict && kinds ? "type" : cell;
    }

    /** What a plan says of the one file. */
    private static String said(RenderPlan plan) {
        assertThat(plan.changes().size() + plan.conflicts().size()).isLessThan(2);
        if (!plan.conflicts().isEmpty()) {
            return switch (plan.conflicts().get(0).reason()) {
                case UNTRACKED_DIFFERENT -> "untracked";
                case LOCALLY_MODIFIED -> "modified";
                case TYPE_CHANGED -> "type";
                case DATA -> "data";
            };
        }
        return plan.changes().isEmpty()
                ? "nothing"
                : plan.changes().get(0).kind().toString().toLowerCase(java.util.Locale.ROOT);
    }
}

package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestEditorPropertyTest {
    private static final int CASES = 10_000;

    @Test
    void an_edit_that_is_taken_back_leaves_the_bytes_as_they_were_R34() {
        int refused = 0;
        int made = 0;
        for (long seed = 0; seed < CASES; seed++) {
            RandomManifest.Document document = RandomManifest.of(seed);
            ManifestEditor editor = ManifestEditor.of("angee.yaml", document.text());
            Random random = new Random(seed);
            Deque<ManifestEdit> edits = new ArrayDeque<>();
            for (int i = 0; i < 3; i++) {
                try {
                    edits.push(edit(editor, document, random));
                } catch (AngeeException e) {
                    if (e.code() == ErrorCode.UNSUPPORTED) {
                        refused++;
                    }
                    assertThat(e.code()).isIn(ErrorCode.UNSUPPORTED, ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
                }
            }
            made += edits.size();
            edits.forEach(editor::undo);
            assertThat(editor.text()).as("seed %s", seed).isEqualTo(document.text());
        }
        assertThat(made).as("edits made").isGreaterThan(2 * CASES);
        assertThat(refused).as("edits of layouts that are not understood").isLessThan(CASES / 100);
    }

    @Test
    void a_change_of_one_entry_leaves_the_lines_of_all_others_R34() {
        for (long seed = 0; seed < CASES / 10; seed++) {
            RandomManifest.Document document = RandomManifest.of(seed);
            ManifestEditor editor = ManifestEditor.of("angee.yaml", document.text());
            ManifestEdit edit;
            try {
                edit = edit(editor, document, new Random(seed));
            } catch (AngeeException e) {
                continue;
            }
            String text = document.text();
            String after = editor.text();
            assertThat(after).startsWith(text.substring(0, edit.offset()));
            assertThat(after)
                    .endsWith(text.substring(edit.offset() + edit.removed().length()));
            Map<String, YamlValue> was = values(text);
            Map<String, YamlValue> is = values(after);
            String changed = edit.path().get(0);
            was.remove(changed);
            is.remove(changed);
            assertThat(is).as("seed %s", seed).isEqualTo(was);
        }
    }

    private static Map<String, YamlValue> values(String text) {
        YamlSource source = YamlSource.parse("x", text, YamlLimits.standard());
        return new java.util.LinkedHashMap<>(((YamlValue.Fields) YamlValue.of(source.root())).fields());
    }

    private static ManifestEdit edit(ManifestEditor editor, RandomManifest.Document document, Random random) {
        List<String> path = new ArrayList<>(
                document.entries().isEmpty()
                        ? List.of("none")
                        : document.entries()
                                .get(random.nextInt(document.entries().size())));
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                return editor.remove(path);
            }
            case 2 -> path.set(path.size() - 1, "new 🚀");
            case 3 -> path.addAll(List.of("deep", "er"));
            default -> {
                // the entry itself
            }
        }
        return random.nextInt(4) == 0
                ? editor.putYaml(path, "# head\nk:   v # c\nl:\n- 1\nm: |\n  a\n   b\n")
                : editor.put(path, value(random));
    }

    private static Object value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt();
            case 1 -> "text # 🚀 \" \n";
            case 2 -> List.of("a", 1, true);
            case 3 -> List.of(Map.of("a", List.of()), "b");
            default -> new java.util.TreeMap<>(Map.of("k", "v", "m", Map.of("n", Map.of()), "l", List.of(Map.of())));
        };
    }
}

package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestEditorTest {
    private static final String SHOP = """
            # The shop.

            name: shop   # its name
            services:
              # What the
              # customers see.
              web:
                runtime: container
                image: 'nginx:1' # pinned
                env: { A: "1",   B: two }

              api: # inside
                runtime: local
                command:
                  - serve   # it

            # the end
            """;

    @Test
    void a_value_is_replaced_and_every_other_byte_stays_R34() {
        assertThat(put(SHOP, "busybox", "services", "web", "image"))
                .isEqualTo(SHOP.replace("'nginx:1'", "\"busybox\""));
        assertThat(put(SHOP, 2, "services", "web", "env", "B")).isEqualTo(SHOP.replace("two", "2"));
        assertThat(put(SHOP, "y", "name")).isEqualTo(SHOP.replace("name: shop ", "name: \"y\" "));
        assertThat(put(SHOP, List.of("a", "b"), "services", "api", "command"))
                .isEqualTo(SHOP.replace("command:\n      - serve   # it", "command: [\"a\", \"b\"]"));
        assertThat(put(SHOP, true, "services", "api"))
                .isEqualTo(SHOP.replace(
                        " # inside\n    runtime: local\n    command:\n      - serve   # it", " true # inside"));
    }

    @Test
    void a_new_entry_is_appended_in_the_style_of_its_map_R34() {
        assertThat(put(SHOP, "3", "services", "web", "env", "C")).isEqualTo(SHOP.replace("two }", "two, C: \"3\" }"));
        assertThat(put(SHOP, ordered("runtime", "local", "command", List.of("x")), "services", "db"))
                .isEqualTo(SHOP.replace("# it\n", "# it\n  db:\n    runtime: \"local\"\n    command: [\"x\"]\n"));
        assertThat(put(SHOP, 8080, "ports", "web", "value"))
                .isEqualTo(SHOP.replace("# it\n", "# it\nports:\n  web:\n    value: 8080\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "services:                 -> services:|  web:|    a: 1",
                "services: # none          -> services: # none|  web:|    a: 1",
                "services: {}              -> services: {web: {a: 1}}",
                "services: { }             -> services: {web: {a: 1} }",
                "services: ~ # none        -> services: # none|  web:|    a: 1",
                "{}                        -> {services: {web: {a: 1}}}",
                "{services}                -> {services: {web: {a: 1}}}",
                "{services: , x: 1}        -> {services: {web: {a: 1}} , x: 1}",
                "services: {web: }         -> services: {web: {a: 1} }",
                "services:|    web:|        b: 2   -> services:|    web:|        b: 2|        a: 1",
                "services:|  x: {b: 2, }   -> services:|  x: {b: 2, }|  web:|    a: 1",
                "services: {web: {b: 2, }} -> services: {web: {b: 2, a: 1 }}",
                "services: {web: {b}}      -> services: {web: {b, a: 1}}",
                "services: {web: {|  b: 2, # b|  c: 3 # c|  }} -> services: {web: {|  b: 2, # b|  c: 3,|  a: 1 # c|  }}",
                "services:|  web: {\"b\":2} -> services:|  web: {\"b\":2, a: 1}",
                "--- # doc|services:|  web: {}|... -> --- # doc|services:|  web: {a: 1}|...",
                "services:|  web:|    a: 2 # c -> services:|  web:|    a: 1 # c",
                "services:|  web:|    a: |-",
                "services:|  web:|    a:  'x|      y' # c -> services:|  web:|    a:  1 # c",
            })
    void whatever_the_parent_looks_like_a_nested_entry_finds_its_place(String row) {
        if (!row.contains("->")) {
            String literal = "services:\n  web:\n    a: |-\n      x\n\n      y\n\n    b: 2\n";
            assertThat(put(literal, 1, "services", "web", "a")).isEqualTo("services:\n  web:\n    a: 1\n\n    b: 2\n");
            return;
        }
        String[] sides = row.replace('|', '\n').split(" +-> ", -1);
        assertThat(put(sides[0], 1, "services", "web", "a")).isEqualTo(sides[1]);
        assertThat(put(sides[0] + "\n", 1, "services", "web", "a")).isEqualTo(sides[1] + "\n");
    }

    @Test
    void an_entry_goes_with_the_comments_directly_above_it_and_comes_back_byte_for_byte() {
        String without = SHOP.replaceAll("(?s)  # What the.*two }\n", "");
        ManifestEditor editor = ManifestEditor.of("angee.yaml", SHOP);
        ManifestEdit removed = editor.remove(List.of("services", "web"));
        assertThat(editor.text()).isEqualTo(without);
        assertThat(removed.removed()).startsWith("  # What the\n").endsWith("two }\n");
        editor.put(List.of("ports", "web", "value"), 80);
        editor.put(List.of("version"), 1);
        editor.undo(removed);
        editor.remove(List.of("version"));
        editor.remove(List.of("ports"));
        assertThat(editor.text()).isEqualTo(SHOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a: 1, b: 2, c: 3}  b -> {a: 1, c: 3}",
                "{a: 1, b: 2, c: 3}  c -> {a: 1, b: 2}",
                "{a: 1, b: 2, c: 3}  a -> {b: 2, c: 3}",
                "{ a: 1, }           a -> {  }",
                "{ a: 1 }            a -> {  }",
                "{a, b}              b -> {a}",
                "{a: 1, # one|b: 2}  a -> { # one|b: 2}",
                "{a: 1, # one|b: 2}  b -> {a: 1, # one|}",
                "# head|a: 1|b: 2    a -> # head|b: 2",
                "# head||# a|a: 1|b: 2  a -> # head||b: 2",
                "b: 2|# a|a: 1       a -> b: 2|",
                "b: 2|  # b|a: 1     a -> b: 2|  # b|",
                "b: |+|  x||a: 1     a -> b: |+|  x||",
                "a: 1                a -> {}|",
                "b: 2|a: !!str &x 1  a -> b: 2|",
                "b: [a, {a: 1}]|a: 1 a -> b: [a, {a: 1}]|",
            })
    void what_is_removed_is_the_entry_and_nothing_else(String row) {
        String[] sides = row.replace("|+|", "PLUS")
                .replace('|', '\n')
                .replace("PLUS", "|+\n")
                .split(" -> ", -1);
        int cut = sides[0].lastIndexOf(' ');
        String text = sides[0].substring(0, cut).stripTrailing();
        ManifestEditor editor = ManifestEditor.of("angee.yaml", text);
        ManifestEdit edit = editor.remove(List.of(sides[0].substring(cut + 1)));
        assertThat(editor.text()).isEqualTo(sides.length == 1 ? "" : sides[1]);
        editor.undo(edit);
        assertThat(editor.text()).isEqualTo(text);
    }

    @Test
    void line_breaks_a_byte_order_mark_and_characters_beyond_the_basic_plane_stay() {
        String text = "\uFEFFname: x # 🚀🚀\r\nservices:\r\n  \"we🚀b\": { a: '😀', b: 2 }\r\n# 🚀";
        assertThat(put(text, 3, "services", "we🚀b", "b")).isEqualTo(text.replace("b: 2", "b: 3"));
        assertThat(put(text, ordered("a", "🚀"), "services", "x"))
                .isEqualTo(text.replace("2 }\r\n", "2 }\r\n  x:\r\n    a: \"\\U0001F680\"\r\n"));
        assertThat(removed(text, "name")).isEqualTo(text.replace("name: x # 🚀🚀\r\n", ""));
        assertThat(put("a: 1\r\nb: 2", 3, "c")).isEqualTo("a: 1\r\nb: 2\r\nc: 3");
        assertThat(put("a: 1\rb: 2\r", 3, "c")).isEqualTo("a: 1\rb: 2\rc: 3\r");
    }

    @Test
    void yaml_that_is_given_as_yaml_keeps_its_layout() {
        assertThat(putYaml("s:\n    a: 1\n", "# first\nx:  1 # one\nz:\n  - 2\n", "s", "b"))
                .isEqualTo("s:\n    a: 1\n    b:\n        x:  1 # one\n        z:\n          - 2\n");
        assertThat(putYaml("s: {a: 1}\n", "x:  1 # one\nz: [ 2 ]\n", "s", "b"))
                .isEqualTo("s: {a: 1, b: {x: 1, z: [2]}}\n");
        assertThat(putYaml("s: {a: 1}\n", "x, y", "s", "b")).isEqualTo("s: {a: 1, b: \"x, y\"}\n");
        assertThat(putYaml("s: 1\n", "&x [ *x2 ]".replace("*x2", "1"), "s")).isEqualTo("s: [1]\n");
        assertThat(putYaml("s: 1\n", "|\n  two\n  lines\n", "s")).isEqualTo("s: \"two\\nlines\\n\"\n");
        assertThatThrownBy(() -> putYaml("s: 1\n", "a: [", "s"))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("value of s:");
        assertThatThrownBy(() -> putYaml("s: 1\n", "a\n---\nb\n", "s")).isInstanceOf(InvalidDocumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yes",
                "no",
                "on",
                "off",
                "~",
                "null",
                "true",
                "1",
                "0x10",
                "1_000",
                "22:22",
                "1:1",
                "1e3",
                ".inf",
                "",
                " ",
                "a: b",
                "a #b",
                "- x",
                "[",
                "{",
                "*a",
                "&a",
                "!a",
                "%a",
                "@a",
                "`a",
                "'",
                "\"",
                "\\",
                "a\nb",
                "\t",
                "2001-01-01",
                "=",
                "<<",
                "é",
                "🚀",
                "\u2028",
                "\u0085",
                "\uFEFF",
                "\u0007",
                "---",
                "...",
                "? x",
                "| x",
                "> x",
                "#x",
                "trailing ",
                "x:",
                "\r\n"
            })
    void text_that_could_be_read_as_something_else_is_still_that_text(String text) {
        for (String document : List.of("a: 1\n", "{a: 1}")) {
            ManifestEditor editor = ManifestEditor.of("x", document);
            editor.put(List.of("t", text.isEmpty() ? "empty" : text), ordered("v", text, "l", List.of(text)));
            assertThat(editor.text().chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f));
            // The editor itself has read it back; a reader of another schema must find quotes.
            assertThat(editor.text()).contains("\"");
            assertThat(editor.has(List.of("t", text.isEmpty() ? "empty" : text, "v")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x {k: 1}|b: *x             ; a.k ; '&x', which line 2 uses too",
                "a: &x {k: 1}|b: *x             ; b.k ; '*x' takes from line 1",
                "a: &x {k: 1}|b: *x             ; a   ; '&x', which line 2 uses",
                "a: {k: &x 1}|b: *x             ; a   ; '&x', which line 2 uses",
                "a: &x {k: 1}|b: {<<: *x, m: 2} ; b.k ; comes from a merge key",
                "a: 1|a: 2                      ; a   ; written twice; the first stands in line 1",
                "a: [1]                         ; a.b ; 'a' is not a map",
                "a: text                        ; a.b ; 'a' is not a map",
            })
    void what_is_shared_with_another_place_is_not_changed(String row) {
        String[] parts = row.split(" *; ", 3);
        String text = parts[0].replace('|', '\n') + "\n";
        ManifestEditor editor = ManifestEditor.of("angee.yaml", text);
        List<String> path = List.of(parts[1].split("\\.", -1));
        assertThatThrownBy(() -> editor.remove(path))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(parts[2]);
        assertThat(editor.text()).isEqualTo(text);
    }

    @Test
    void what_a_merge_key_brings_can_be_overridden_but_not_half_hidden() {
        String text = "a: &x {k: 1, env: {A: 1}}\nb:\n  <<: *x\n  m: 2\n";
        assertThat(put(text, 3, "b", "k")).isEqualTo(text + "  k: 3\n");
        assertThatThrownBy(() -> put(text, 3, "b", "env", "B")).hasMessageContaining("comes from a merge key");
        assertThat(put("a: &x 1\nb: *x\n", 3, "b")).isEqualTo("a: &x 1\nb: 3\n");
    }

    @Test
    void a_layout_that_is_not_understood_is_refused_and_stays() {
        assertThatThrownBy(() -> put("? a\n: 1\n", 2, "a")).satisfies(this::isUnsupported);
        assertThatThrownBy(() -> removed("? a\n: 1\n", "a")).satisfies(this::isUnsupported);
        assertThat(put("a: |\n  x", 2, "b")).isEqualTo("a: |\n  x\nb: 2");
        assertThatThrownBy(() -> removed("{? a : 1}", "a")).satisfies(this::isUnsupported);
    }

    private void isUnsupported(Throwable thrown) {
        assertThat(thrown).isInstanceOf(AngeeException.class).hasMessageContaining("by hand");
        assertThat(((AngeeException) thrown).code()).isEqualTo(ErrorCode.UNSUPPORTED);
    }

    @Test
    void what_cannot_be_written_or_found_is_said() {
        ManifestEditor editor = ManifestEditor.of("angee.yaml", SHOP);
        Map<String, Object> endless = new LinkedHashMap<>();
        endless.put("a", endless);
        for (Object value : Arrays.asList(
                new Object(),
                Double.NaN,
                "\0",
                "\uD83D",
                Map.of(1, 2),
                new ArrayList<>(Arrays.asList("x", null)),
                endless)) {
            assertThatThrownBy(() -> editor.put(List.of("a"), value)).isInstanceOf(InvalidInputException.class);
        }
        for (List<String> path :
                List.of(List.<String>of(), List.of(""), List.of("a", "", "b"), List.of("x".repeat(2000)))) {
            assertThatThrownBy(() -> editor.put(path, 1)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> editor.remove(List.of("services", "nope"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> editor.remove(List.of("nope", "nope"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(editor::save)
                .satisfies(
                        thrown -> assertThat(((AngeeException) thrown).code()).isEqualTo(ErrorCode.UNSUPPORTED));
        assertThat(editor.text()).isEqualTo(SHOP);
        editor.put(List.of("big"), new BigInteger("99999999999999999999"));
        assertThat(editor.text()).contains("big: 99999999999999999999");
    }

    @Test
    void a_change_whose_surroundings_have_changed_is_not_taken_back() {
        ManifestEditor editor = ManifestEditor.of("angee.yaml", "a: 1\nb: 2\n");
        ManifestEdit edit = editor.put(List.of("a"), 5);
        editor.put(List.of("a"), 6);
        assertThatThrownBy(() -> editor.undo(edit)).isInstanceOf(ConflictException.class);
        assertThat(editor.text()).isEqualTo("a: 6\nb: 2\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicas: 20\nb: 2\n",
                "replicas: 12\nb: 2\n",
                "replicas: 2 2\nb: 2\n",
                "replicas: 2\n  0\nb: 2\n",
                "replicas: !!str 2\nb: 2\n"
            })
    void a_value_that_was_changed_since_is_not_half_taken_back(String changed) {
        ManifestEdit edit =
                ManifestEditor.of("angee.yaml", "replicas: 1\nb: 2\n").put(List.of("replicas"), 2);
        ManifestEditor editor = ManifestEditor.of("angee.yaml", changed);
        assertThatThrownBy(() -> editor.undo(edit)).isInstanceOf(ConflictException.class);
        assertThat(editor.text()).isEqualTo(changed);
    }

    @Test
    void a_map_that_was_put_and_grew_since_is_not_half_taken_back() {
        ManifestEditor first = ManifestEditor.of("angee.yaml", "b: 2\n");
        ManifestEdit edit = first.put(List.of("a"), Map.of("x", 1));
        String changed = first.text().replace("x: 1", "x: 12");
        ManifestEditor editor = ManifestEditor.of("angee.yaml", changed);
        assertThatThrownBy(() -> editor.undo(edit)).isInstanceOf(ConflictException.class);
        assertThat(editor.text()).isEqualTo(changed);
        first.undo(edit);
        assertThat(first.text()).isEqualTo("b: 2\n");
    }

    @Test
    void a_change_says_what_it_is_and_not_what_was_written_there() {
        String text = "name: x\nsecrets_backend:\n  token: canary-1\n  mount: canary-2\n";
        ManifestEditor editor = ManifestEditor.of("angee.yaml", text);
        assertThat(editor.put(List.of("secrets_backend", "token"), "canary-3").toString())
                .doesNotContain("canary")
                .contains("secrets_backend.token");
        assertThat(editor.put(List.of("secrets_backend", "mount"), "m").toString())
                .doesNotContain("canary");
    }

    @Test
    void a_stored_change_that_would_touch_another_entry_is_not_taken_back() {
        ManifestEditor editor = ManifestEditor.of("angee.yaml", "a: 1\nb: 2\n");
        ManifestEdit forged = new ManifestEdit(List.of("a"), 0, "a: 9\nb: 7\n", "a: 1\nb: 2\n", "", "");
        assertThatThrownBy(() -> editor.undo(forged)).isInstanceOf(ConflictException.class);
        assertThat(editor.text()).isEqualTo("a: 1\nb: 2\n");
        editor.undo(new ManifestEdit(List.of("a"), 0, "9", "1", "a: ", "\n"));
        assertThat(editor.text()).isEqualTo("a: 9\nb: 2\n");
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static String put(String text, Object value, String... path) {
        return edited(text, editor -> editor.put(List.of(path), value));
    }

    private static String putYaml(String text, String yaml, String... path) {
        return edited(text, editor -> editor.putYaml(List.of(path), yaml));
    }

    private static String removed(String text, String... path) {
        return edited(text, editor -> editor.remove(List.of(path)));
    }

    /** Each edit is also taken back, which must give the text it began with. */
    private static String edited(String text, Function<ManifestEditor, ManifestEdit> change) {
        ManifestEditor editor = ManifestEditor.of("angee.yaml", text);
        ManifestEdit edit = change.apply(editor);
        String after = editor.text();
        editor.undo(edit);
        assertThat(editor.text()).isEqualTo(text);
        return after;
    }
}

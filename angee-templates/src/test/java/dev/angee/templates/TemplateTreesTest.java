package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template asks for, what it includes, and what a hostile one tries with names, links and includes. */
class TemplateTreesTest {
    private static final String HEAD = "_angee: { kind: stack }\n";

    @TempDir
    private Path outer;

    private Path library() {
        return outer.resolve("library");
    }

    private Path file(String path, String text) throws IOException {
        Path file = library().resolve("stacks/t").resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Template template() {
        return new TemplateCatalog(List.of(new DirectoryTemplates(library()))).find("t", "stack");
    }

    private static TemplateEngine engine() {
        return new TemplateEngine(List.of(new JinjaRenderer(), new FreeMarkerRenderer()));
    }

    private Map<String, String> render(Map<String, String> given) {
        Template template = template();
        Map<String, String> tree = new TreeMap<>();
        for (TemplateFile file : engine().render(template, engine().inputs(template, given))) {
            tree.put(file.path(), new String(file.content(), StandardCharsets.UTF_8));
        }
        return tree;
    }

    private void refused(String mentioned) {
        assertThatThrownBy(() -> render(Map.of()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(mentioned);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "{ type: int }                       ! x1   ! q: 'x1' is no whole number",
                "{ type: float }                     ! one  ! q: 'one' is no number",
                "{ type: bool }                      ! oui  ! q: 'oui' is neither true nor false",
                "{ type: json }                      ! {    ! q: is no JSON: line 1, column 2",
                "{ type: yaml }                      ! a: [ ! q:1:5",
                "{ type: str, choices: [a, b] }      ! c    ! q: 'c' is none of: a, b",
                "{ type: str, multiselect: true, choices: [a, b] } ! [a, c] ! q: 'c' is none of: a, b",
                "{ type: int, validator: \"{% if q < 5 %}too small{% endif %}\" } ! 4 ! q: too small",
                "{ type: str, required: true }       ! ' '  ! template 'stacks/t' needs a value for: q"
            })
    void a_value_that_is_not_what_is_asked_for_is_refused_by_name_C9(String question, String value, String message)
            throws IOException {
        file("copier.yml", HEAD + "q: " + question + "\n");
        assertThatThrownBy(() -> render(Map.of("q", value)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(message);
    }

    @Test
    void a_question_is_not_less_required_for_what_is_said_of_it_elsewhere_C9() throws IOException {
        file("copier.yml", "_angee: { kind: stack, inputs: { q: { required: true } } }\nq: { type: str }\n");
        refused("needs a value for: q");
    }

    @Test
    void every_kind_of_thing_that_cannot_be_done_is_said_at_once_and_with_its_line() throws IOException {
        file("copier.yml", HEAD + "_tasks: [x]\nq: { type: strange, length: 8 }\n");
        assertThatThrownBy(this::template)
                .hasMessageContaining("copier.yml:2:")
                .hasMessageContaining("_tasks")
                .hasMessageContaining("copier.yml:3:")
                .hasMessageContaining("strange")
                .hasMessageContaining("length");
    }

    @Test
    void freemarker_templates_see_the_same_values() throws IOException {
        file(
                "copier.yml",
                HEAD
                        + "_templates_suffix: .ftl\nn: { type: int, default: 2 }\nb: { type: bool, default: true }\nl: { type: yaml, default: [x, y] }\n");
        file("out.txt.ftl", "[=n + 1] [#if b]yes[/#if] [#list l as i][=i];[/#list]");
        assertThat(render(Map.of("n", "4"))).containsEntry("out.txt", "5 yes x;y;");
    }

    @Test
    void files_of_an_ancestor_can_be_included_where_the_template_says_so() throws IOException {
        file("copier.yml", "_subdirectory: template\n_angee: { kind: stack, include_root: ../.. }\nname: shop\n");
        file("template/out.txt.jinja", "{% include '../../../_shared/body.txt.jinja' %}");
        file("template/top.txt.jinja", "{% include '../../_shared/body.txt.jinja' %}");
        Files.createDirectories(library().resolve("_shared"));
        Files.writeString(library().resolve("_shared/body.txt.jinja"), "body of {{ name }}{% include 'more.txt' %}");
        Files.writeString(library().resolve("_shared/more.txt"), ", and more");
        assertThat(render(Map.of()))
                .containsEntry("out.txt", "body of shop, and more")
                .containsEntry("top.txt", "body of shop, and more")
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../..", "../../..", "/", "/etc", "sub", "../other"})
    void what_is_included_stays_below_the_root_that_is_named(String root) throws IOException {
        Files.writeString(outer.resolve("secret"), "canary");
        file("copier.yml", "_angee: { kind: stack, include_root: \"" + root + "\" }\n");
        file("out.txt.jinja", "{% include '../../../secret' %}");
        assertThatThrownBy(() -> render(Map.of()))
                .isInstanceOf(AngeeException.class)
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ '../x' }}",
                "{{ '..' }}",
                "{{ '/etc/x' }}",
                "{{ 'a\\0b' }}",
                "d/{{ '..' }}/{{ '..' }}/x",
                "{% for i in range(3) %}..{{ '/' }}{% endfor %}x"
            })
    void a_name_that_would_be_rendered_outside_is_refused(String name) throws IOException {
        file("copier.yml", HEAD);
        // Some of these are no names of files: the part with the slash is a folder and a file.
        file(name, "x");
        assertThatThrownBy(() -> render(Map.of())).isInstanceOf(AngeeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../../secret", "../../..", "nowhere", "self", "loop", "..", "."})
    void a_link_that_leads_outside_is_not_followed(String target) throws IOException {
        Files.createDirectories(library());
        Files.writeString(outer.resolve("secret"), "canary");
        file("copier.yml", HEAD);
        Path template = library().resolve("stacks/t");
        Files.createSymbolicLink(template.resolve("self"), Path.of(target));
        Files.createSymbolicLink(template.resolve("loop"), Path.of("self"));
        refused("the link leads to '");
    }

    @Test
    void a_folder_of_links_is_no_way_out_of_the_template() throws IOException {
        Files.writeString(outer.resolve("secret"), "canary");
        file("copier.yml", HEAD);
        file("out.txt.jinja", "{% include 'd/secret' ignore missing %}.");
        Files.createSymbolicLink(library().resolve("stacks/t/d"), outer);
        refused("the link leads to '");
    }

    @Test
    void a_template_that_is_too_large_is_refused_unread() throws IOException {
        file("copier.yml", HEAD);
        try (RandomAccessFile huge = new RandomAccessFile(file("huge.bin", "").toFile(), "rw")) {
            huge.setLength(8L * 1024 * 1024 * 1024);
        }
        refused("MiB");
    }

    @Test
    void an_error_names_the_file_of_the_template_and_its_line() throws IOException {
        file("copier.yml", HEAD);
        file("sub/out.txt.jinja", "one\n{{ 1 / 0 }}\n");
        refused("stacks/t/sub/out.txt.jinja:2:6: '/': division by zero");
    }

    private void link(String place, String target) throws IOException {
        Path link = library().resolve("stacks/t").resolve(place);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    @Test
    void a_link_is_followed_from_where_it_stands_and_not_from_where_it_appears() throws IOException {
        file("copier.yml", HEAD);
        file("g", "top");
        file("d0/g", "not this one");
        link("d0/x", "../d1");
        link("d1/y", "../g");
        file("real/f.jinja", "f of {{ 1 + 1 }}");
        link("real/self.txt", "f.jinja");
        link("x", "real");
        file("real/sub/deep", "deep");
        link("s", "x/sub");
        assertThat(render(Map.of()))
                .containsEntry("d0/x/y", "top")
                .containsEntry("x/f", "f of 2")
                .containsEntry("x/self.txt", "f of {{ 1 + 1 }}")
                .containsEntry("s/deep", "deep");
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void links_that_multiply_are_refused_in_time() throws IOException {
        file("copier.yml", "_subdirectory: d0\n" + HEAD);
        for (int i = 0; i < 24; i++) {
            link("d" + i + "/x", "../d" + (i + 1));
            link("d" + i + "/y", "../d" + (i + 1));
        }
        file("d24/f", "f");
        assertThatThrownBy(() -> render(Map.of()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("files");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s/", "./s", "{{ n }}", "s/."})
    void the_folder_of_the_content_may_be_written_in_any_way(String written) throws IOException {
        file("copier.yml", "_subdirectory: \"" + written + "\"\n" + HEAD + "n: s\n");
        file("s/out", "x");
        assertThat(render(Map.of())).containsOnlyKeys("out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "..", "/", "../t"})
    void a_folder_of_the_content_that_is_not_there_is_refused(String written) throws IOException {
        file("copier.yml", "_subdirectory: \"" + written + "\"\n" + HEAD);
        file("s/out", "x");
        refused("has no folder '" + written + "'");
    }

    @Test
    void an_empty_suffix_renders_everything() throws IOException {
        file("copier.yml", "_templates_suffix: \"\"\n" + HEAD + "n: s\n");
        file("out.txt", "{{ n }}");
        assertThat(render(Map.of())).containsOnly(Map.entry("out.txt", "s"));
    }

    @Test
    void values_cannot_become_more_than_they_are() throws IOException {
        file("copier.yml", HEAD + "p: { type: str }\nl: { type: yaml, default: [\"{{ p }}\", \"x\"] }\n");
        file("out.txt.jinja", "{{ l|length }} {{ l[0] }}");
        assertThat(render(Map.of("p", "a\", \"b"))).containsEntry("out.txt", "2 a\", \"b");
    }

    @Test
    void what_is_given_is_seen_by_every_default_and_taken_even_where_it_is_not_asked_for() throws IOException {
        file(
                "copier.yml",
                HEAD
                        + "a: { type: str, default: \"{{ later }}-{{ extra }}\" }\nlater: { type: str, when: false, default: d }\n");
        file("out.txt.jinja", "{{ a }} {{ later }}");
        assertThat(render(Map.of("later", "L", "extra", "E"))).containsEntry("out.txt", "L-E L");
    }

    @ParameterizedTest
    @CsvSource({"f, false", "'', false", "0.0, false", "0, false", "no, false", "1, true", "maybe, true", "yes, true"})
    void a_condition_is_what_its_text_stands_for(String when, boolean asked) throws IOException {
        file("copier.yml", HEAD + "q: { type: str, default: x, when: \"{{ '" + when + "' }}\" }\n");
        file("out.txt.jinja", "{{ 'q' in _copier_answers }}");
        assertThat(render(Map.of())).containsEntry("out.txt", asked ? "True" : "False");
    }

    @Test
    void choices_are_templates_and_compared_by_what_they_mean() throws IOException {
        file(
                "copier.yml",
                HEAD
                        + "p: { type: str, default: v }\nc: { type: str, choices: [\"{{ p }}3\", x], default: \"{{ p }}3\" }\nf: { type: float, choices: [2.50, 1], default: 2.5 }\n");
        file("out.txt.jinja", "{{ c }} {{ f }}");
        assertThat(render(Map.of())).containsEntry("out.txt", "v3 2.5");
    }

    @Test
    void rendered_paths_have_one_spelling() throws IOException {
        file("copier.yml", "_exclude: [copier.yml, /no]\n" + HEAD + "dot: { type: str, default: . }\n");
        file("{{ dot }}/z", "z");
        file("{{ dot }}/no", "no");
        assertThat(render(Map.of())).containsOnlyKeys("z");
    }
}

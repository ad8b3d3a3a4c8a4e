package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the files of a template. */
class TreeRenderingTest {

    private static List<TemplateFile> rendered(Map<String, String> inputs, TemplateFile... files) {
        String metadata = "_templates_suffix: .tpl\n_angee: { kind: stack }\nname: { type: str, default: '' }\n";
        List<TemplateFile> all = new ArrayList<>(List.of(files));
        all.add(file("copier.yml", metadata));
        Template template = Template.of(new TemplateFiles("stacks/t", all));
        return new TemplateEngine(List.of(new BracesRenderer())).render(template, inputs);
    }

    private static TemplateFile file(String path, String text) {
        return new TemplateFile(path, text.getBytes(StandardCharsets.UTF_8), false);
    }

    @ParameterizedTest
    @CsvSource({
        "{{ name }}.txt.tpl, a.txt, a.txt",
        "{{ name }}.txt, a.txt, a.txt",
        "{{ name }}/x, a/x.tpl, a/x",
        "./{{ name }}.txt, a.txt.tpl, a.txt"
    })
    void two_files_that_are_rendered_to_one_path_are_refused_and_both_are_named(String one, String other, String path) {
        assertThatThrownBy(() -> rendered(Map.of("name", "a"), file(one, "1"), file(other, "2")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stacks/t")
                .hasMessageContaining("'" + one + "'")
                .hasMessageContaining("'" + other + "'")
                .hasMessageContaining("'" + path + "'");
        assertThat(rendered(Map.of("name", "b"), file(one, "1"), file(other, "2")))
                .hasSize(2);
    }

    @Test
    void a_file_with_the_suffix_stands_in_for_the_one_of_its_name_without_it_as_with_copier() {
        assertThat(rendered(Map.of("name", "a"), file("x", "plain"), file("x.tpl", "{{ name }}")))
                .singleElement()
                .satisfies(x -> assertThat(new String(x.content(), StandardCharsets.UTF_8))
                        .isEqualTo("a"));
        assertThatThrownBy(() -> rendered(
                        Map.of("name", "x"), file("x", "plain"), file("x.tpl", "1"), file("{{ name }}.tpl", "2")))
                .hasMessageContaining("'x.tpl'")
                .hasMessageContaining("'{{ name }}.tpl'");
    }

    @Test
    void a_link_in_the_place_of_another_file_is_refused_too() {
        assertThatThrownBy(() -> rendered(
                        Map.of("name", "a"), file("b", "1"), file("a", "2"), TemplateFile.link("{{ name }}", "b")))
                .hasMessageContaining("'{{ name }}'")
                .hasMessageContaining("'a'");
    }
}

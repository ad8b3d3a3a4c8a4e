package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathInputsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "src, .angee, ../src",
                "'', .angee, ''",
                "/srv/x, .angee, /srv/x",
                "src, '', src",
                "src, ., src",
                "src/, ., src",
                "./a/../src, .angee, ../src",
                "., .angee, ..",
                "., ., .",
                ".angee, .angee, .",
                ".angee/x, .angee, x",
                "../other, .angee, ../../other",
                "src, deep/er, ../../src",
                "src, /p, src",
                "src, /q/root, ../../p/src",
                "src, ../q, ../p/src",
            })
    void a_path_is_seen_from_the_root_of_the_stack(String value, String root, String seen) {
        assertThat(PathInputs.translate("it", value, Path.of("/p"), root)).isEqualTo(seen);
    }

    /** Answers of the one before are what the next one begins with; the predecessor kept the translated path there. */
    @Test
    void a_path_stays_where_it_is_however_often_a_stack_is_rendered_from_its_answers_C31() {
        TemplateEngine engine = new TemplateEngine(List.of(new BracesRenderer()));
        Template template = Template.of(new TemplateFiles(
                "stacks/t",
                List.of(
                        file("copier.yml", """
                        _templates_suffix: .tpl
                        _angee: { kind: stack, inputs: { src: { type: path }, again: { type: path, default: "{{ src }}/x" } } }
                        src: { type: str }
                        ANGEE_ROOT: .angee
                        """),
                        file("angee.yaml.tpl", "mounts: [{{ src }}, {{ again }}, {{ ANGEE_ROOT }}]\n"))));
        Map<String, String> kept = engine.inputs(template, Map.of("src", "src"));
        for (int time = 1; time <= 3; time++) {
            TemplateInputs inputs =
                    engine.inputs(template, Map.of(), KeptInputs.none().values(kept));
            assertThat(engine.render(template, inputs.values(), Path.of("/p")))
                    .singleElement()
                    .satisfies(file -> assertThat(new String(file.content(), StandardCharsets.UTF_8))
                            .isEqualTo("mounts: [../src, ../src/x, .angee]\n"));
            kept = inputs.values();
        }
    }

    private static TemplateFile file(String path, String text) {
        return new TemplateFile(path, text.getBytes(StandardCharsets.UTF_8), false);
    }
}

package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateText;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every snippet renders to what Jinja2 itself made of it ({@code jinja/expect.py}), or is refused as it is there. */
class JinjaParityTest {
    private static final int FEWEST = 240;

    /** What Jinja2 renders and we do not, each with the reason. */
    private static final Map<String, String> DIFFERENT = Map.of();

    private final JinjaRenderer renderer = new JinjaRenderer();
    private final Map<String, Object> inputs = inputs();
    private final JsonNode texts = read("includes.json");

    @TestFactory
    List<DynamicTest> each_snippet_is_rendered_as_by_jinja2() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode row : read("expected.json")) {
            String title = row.get("title").asText();
            String template = row.get("template").asText();
            tests.add(DynamicTest.dynamicTest(title, () -> {
                if (row.has("error") || DIFFERENT.containsKey(title)) {
                    assertThatThrownBy(() -> render(title, template))
                            .isInstanceOfSatisfying(
                                    AngeeException.class,
                                    e -> assertThat(e.code()).isIn(ErrorCode.INVALID, ErrorCode.FAILED))
                            .hasMessageMatching("(?s)" + java.util.regex.Pattern.quote(title) + ":\\d+:\\d+: .+");
                } else {
                    assertThat(render(title, template))
                            .isEqualTo(row.get("text").asText());
                }
            }));
        }
        return tests;
    }

    @Test
    void the_table_is_there() {
        assertThat(read("expected.json")).hasSizeGreaterThanOrEqualTo(FEWEST);
    }

    private String render(String title, String template) {
        TemplateIncludes includes = (including, path) ->
                Optional.ofNullable(texts.get(path)).map(text -> new TemplateText(path, text.asText()));
        return renderer.render(new TemplateText(title, template), inputs, includes);
    }

    @SuppressWarnings("unchecked") // a JSON object
    private static Map<String, Object> inputs() {
        Map<String, Object> inputs =
                new LinkedHashMap<>(new ObjectMapper().convertValue(read("inputs.json"), Map.class));
        inputs.replaceAll((name, value) -> value == null ? Optional.empty() : value);
        return inputs;
    }

    private static JsonNode read(String name) {
        try (InputStream stream = JinjaParityTest.class.getResourceAsStream("/jinja/" + name)) {
            return new ObjectMapper().readTree(Objects.requireNonNull(stream, name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

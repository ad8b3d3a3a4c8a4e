package dev.angee.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What templates were told, as it is kept. */
class AnswersFileTest {
    @Test
    void what_is_nested_keeps_its_types_and_scalars_are_as_they_are_written() {
        AnswersFile read = AnswersFile.read("answers", """
                _src_path: services/web
                list: [true, False, 8, 0.5, 1e3, null, ~, "8", 'true', text, .inf, {}]
                map: { a: { b: -1 } }
                flag: true
                number: 010
                nothing: null
                now: 2026-01-01
                """);
        assertThat(read.template()).contains("services/web");
        assertThat(read.values())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "list", "[true,false,8,0.5,1E+3,null,null,\"8\",\"true\",\"text\",\".inf\",{}]",
                        "map", "{\"a\":{\"b\":-1}}",
                        "flag", "true",
                        "number", "010",
                        "now", "2026-01-01"));
        assertThat(AnswersFile.read("again", read.text("said"))).isEqualTo(read);
        assertThat(new AnswersFile(Optional.empty(), Map.of("token", "canary")).toString())
                .doesNotContain("canary");
    }
}

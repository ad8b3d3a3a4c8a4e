package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainedAnswersTest {
    private static final List<ChainedAnswers> BEFORE = List.of(
            new ChainedAnswers("stacks/s@v1", "db", Map.of("key", "made", "size", "10", "plain", "x")),
            new ChainedAnswers("stacks/s@v1", "other", Map.of("key", "of another")));

    private static Template template(String ref) {
        return new Template(ref, MetadataReader.read(ref, """
                        key: { type: str, generated: true }
                        size: { type: str, immutable: true }
                        plain: { type: str }
                        _angee: { kind: stack }
                        """), new TemplateFiles(ref, List.of()));
    }

    @Test
    void what_was_made_up_and_what_must_not_change_is_kept_whatever_the_pin_C10() {
        for (String ref : List.of("stacks/s@v1", "stacks/s@v2", "stacks/s")) {
            assertThat(ChainedAnswers.kept(BEFORE, template(ref), "db"))
                    .as(ref)
                    .containsOnly(Map.entry("key", "made"), Map.entry("size", "10"));
        }
    }

    @Test
    void nothing_is_kept_of_another_template_or_another_folder() {
        assertThat(ChainedAnswers.kept(BEFORE, template("stacks/t@v1"), "db")).isEmpty();
        assertThat(ChainedAnswers.kept(BEFORE, template("stacks/s@v1"), "elsewhere"))
                .isEmpty();
        assertThat(ChainedAnswers.kept(BEFORE, template("stacks/s"), "other")).containsEntry("key", "of another");
    }

    @ParameterizedTest
    @CsvSource({
        "stacks/s,stacks/s",
        "stacks/s@v1,stacks/s",
        "stacks/s@release/1,stacks/s",
        "owner/repo//path@v1,owner/repo//path",
        "https://host/repo.git//path@v1,https://host/repo.git//path",
        "https://me@host/repo.git//path,https://me@host/repo.git//path",
        "https://host/repo.git?ref=release/1,https://host/repo.git",
        "git@host:repo.git//path,git@host:repo.git//path",
        "git@host:repo.git//path@v1,git@host:repo.git//path",
        "/some/where@x,/some/where",
    })
    void a_name_without_its_pin(String ref, String expected) {
        assertThat(TemplateName.withoutPin(ref)).isEqualTo(expected);
    }
}

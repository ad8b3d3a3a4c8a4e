package dev.angee.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectNameTest {
    @ParameterizedTest
    @CsvSource({
        "notes-angee, /srv/workspaces/one/.angee, notes-angee-585fcdaf",
        "My Demo, /srv/demo/.angee, my-demo-3b94e6c3",
        "***, /x, angee-b3d1db31",
        "a/b//c..d, /x, a-b-c-d-b3d1db31",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, /x, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b3d1db31",
        "My Cool Stack!!, /x, my-cool-stack-b3d1db31",
        "__private, /x, private-b3d1db31",
        "café, /x, caf-b3d1db31",
        "snake_case, /x, snake_case-b3d1db31",
    })
    void existing_installations_keep_their_project_names(String stack, String root, String expected) {
        assertThat(ProjectName.of(stack, Path.of(root))).hasToString(expected);
    }

    @Test
    void any_text_gives_a_name_that_compose_takes() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(60), 1, 0x2fff)
                    .filter(Character::isDefined)
                    .forEach(text::appendCodePoint);
            assertThat(ProjectName.of(text.toString(), Path.of("/x")).value())
                    .matches("[a-z0-9][a-z0-9_-]*")
                    .hasSizeLessThan(41);
        }
    }
}

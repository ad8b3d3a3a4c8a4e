package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents print is what the tests run. */
class DocumentsTest {
    private static final Path TESTS = Path.of("src/test/java/dev/angee/examples");
    private static final Pattern REGION = Pattern.compile("(?s) *// region [a-z]+\\n(.*?\\n) *// endregion\\n");
    private static final Pattern PROGRAM = Pattern.compile("(?s)```java\\n(.*?)```\\n");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/templates.md", "docs/writing-templates.md"})
    void every_program_is_a_region_of_a_test(String document) throws IOException {
        String text = Files.readString(Path.of("..", document));
        List<String> programs =
                PROGRAM.matcher(text).results().map(found -> found.group(1)).toList();
        assertThat(programs).isNotEmpty();
        assertThat(regions()).containsAll(programs);
    }

    @Test
    void every_file_of_the_first_templates_is_printed_as_it_is_below_its_path() throws IOException {
        String text = Files.readString(Path.of("../docs/writing-templates.md"));
        List<String> printed = new ArrayList<>();
        try (Stream<Path> files = Files.walk(FirstTemplatesIT.TEMPLATES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String path = FirstTemplatesIT.TEMPLATES.relativize(file).toString();
                String block =
                        "`templates/" + path + "`:\n\n```[a-z]*\n" + Pattern.quote(Files.readString(file)) + "```\n";
                assertThat(Pattern.compile(block).matcher(text).results())
                        .as(path)
                        .hasSize(1);
                printed.add(path);
            }
        }
        assertThat(Pattern.compile("`templates/([^`]+)`:\n")
                        .matcher(text)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(printed);
    }

    private static List<String> regions() throws IOException {
        List<String> regions = new ArrayList<>();
        try (Stream<Path> files = Files.list(TESTS)) {
            for (Path file : files.sorted().toList()) {
                REGION.matcher(Files.readString(file))
                        .results()
                        .map(DocumentsTest::program)
                        .forEach(regions::add);
            }
        }
        return regions;
    }

    private static String program(MatchResult region) {
        return region.group(1).stripTrailing().stripIndent() + "\n";
    }
}

package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The known defects of the Go operator that a test proves absent: each such test ends in the defect's tag. Prints the
 * list.
 */
class ProvenRowsTest {
    private static final Pattern TEST = Pattern.compile("void ([a-z]\\w*?)((?:_[RSC]\\d+b?)+)\\(");
    private static final Pattern TAG = Pattern.compile("[RSC]\\d+b?");

    /** What reading a manifest, up to the plan, must not do any more. */
    private static final List<String> READING = List.of(
            "R1", "R3", "R4", "R5", "R6", "R7", "R9", "R17", "R18", "R21", "R22", "R23", "R26", "R27", "R28", "R29",
            "R29b", "R30", "R33", "R34", "R37", "R43", "R54", "S5", "S7", "C6", "C19", "C20", "C21");

    /** What running local processes must not do any more. */
    private static final List<String> RUNNING = List.of(
            "R8", "R9", "R11", "R12", "R13", "R14", "R16", "R19", "R20", "R35", "R36", "R38", "R43", "R44", "R45",
            "R46", "R48", "R49", "R53");

    /** What running containers must not do any more. */
    private static final List<String> CONTAINERS = List.of(
            "R3", "R4", "R6", "R7", "R8", "R10", "R11", "R12", "R15", "R16", "R19", "R31", "R35", "R41", "R43", "R44",
            "R45", "R46", "R48", "R49");

    /** What templates must not do any more. */
    private static final List<String> TEMPLATES =
            List.of("R25", "R26", "C4", "C9", "C10", "C12", "C16", "C17", "C20", "C22", "C31", "S6", "S7");

    @Test
    void every_defect_that_templates_must_not_have_is_proven_absent() throws IOException {
        assertThat(proven().keySet()).containsAll(TEMPLATES);
    }

    @Test
    void every_defect_that_running_containers_must_not_have_is_proven_absent() throws IOException {
        assertThat(proven().keySet()).containsAll(CONTAINERS);
    }

    @Test
    void every_defect_that_running_local_processes_must_not_have_is_proven_absent() throws IOException {
        assertThat(proven().keySet()).containsAll(RUNNING);
    }

    @Test
    void every_defect_that_reading_a_manifest_must_not_have_is_proven_absent() throws IOException {
        Map<String, Set<String>> proven = proven();
        proven.forEach((tag, tests) -> System.out.println(tag + "  " + String.join("\n     ", tests)));
        assertThat(proven.keySet()).containsAll(READING);
    }

    private static Map<String, Set<String>> proven() throws IOException {
        Path project = Path.of("").toAbsolutePath().getParent();
        Map<String, Set<String>> proven = new TreeMap<>(Comparator.comparing((String tag) -> tag.charAt(0))
                .thenComparing(tag -> Integer.parseInt(tag.replaceAll("\\D", "")))
                .thenComparing(Comparator.naturalOrder()));
        try (Stream<Path> files = Files.walk(project)) {
            files.filter(file -> file.toString().matches(".*/src/test/java/.*\\.java"))
                    .forEach(file -> read(file, proven));
        }
        return proven;
    }

    private static void read(Path file, Map<String, Set<String>> proven) {
        try {
            Matcher test = TEST.matcher(Files.readString(file));
            String type = file.getFileName().toString().replace(".java", "");
            while (test.find()) {
                Matcher tag = TAG.matcher(test.group(2));
                while (tag.find()) {
                    proven.computeIfAbsent(tag.group(), each -> new TreeSet<>()).add(type + "." + test.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

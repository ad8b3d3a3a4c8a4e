package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.YamlDocument;
import dev.angee.internal.yaml.YamlNode;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand broken texts: typed failures only, none takes long, and what is refused leaves the text alone. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManifestFuzzTest {
    private static final int INPUTS = 100_000;
    private static final int LONGEST = 1024;
    private static final long STUCK = TimeUnit.SECONDS.toNanos(10);
    private static final List<String> TOKENS = List.of(
            "\n",
            "\r\n",
            " ",
            "  ",
            "\t",
            ":",
            ": ",
            "- ",
            "? ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "#",
            " # ",
            "'",
            "\"",
            "|",
            ">",
            "|+",
            ">-",
            "&a ",
            "*a",
            "*a ",
            "<<: ",
            "!",
            "!!str ",
            "%",
            "---",
            "...",
            "\\",
            "\"\\U0001F680\"",
            "\"\\UFFFFFFFF\"",
            "🚀",
            "\uD83D",
            "\0",
            "\uFEFF",
            "\u0085",
            "~",
            "a: ",
            "web: ",
            "services:",
            "@",
            "`",
            "=",
            "\u2028");

    @TempDir
    Path folder;

    @Test
    void broken_texts_are_read_or_refused_and_edits_of_them_too() throws Exception {
        Path file = folder.resolve("angee.yaml");
        AtomicLong since = new AtomicLong(System.nanoTime());
        AtomicReference<String> current = new AtomicReference<>("");
        Thread worker = new Thread(() -> run(file, since, current), "fuzz");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        worker.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        worker.start();
        while (worker.isAlive()) {
            worker.join(500);
            if (worker.isAlive() && System.nanoTime() - since.get() > STUCK) {
                throw new AssertionError("stuck on: " + current.get());
            }
        }
        assertThat(failure.get()).as("on: %s", current.get()).isNull();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.toList()).as("files written").isEmpty();
        }
    }

    private static void run(Path file, AtomicLong since, AtomicReference<String> current) {
        List<RandomManifest.Document> seeds = new ArrayList<>();
        for (long seed = 0; seeds.size() < 500; seed++) {
            RandomManifest.Document document = RandomManifest.of(seed);
            if (document.text().length() <= LONGEST) {
                seeds.add(document);
            }
        }
        Random random = new Random(7);
        for (int i = 0; i < INPUTS; i++) {
            RandomManifest.Document document = seeds.get(random.nextInt(seeds.size()));
            String text = mutated(document.text(), random);
            current.set(text);
            since.set(System.nanoTime());
            read(text);
            edit(file.toString(), text, document, random);
        }
    }

    private static void read(String text) {
        try {
            YamlDocument.parse("fuzz", text);
        } catch (InvalidDocumentException e) {
            assertThat(e.problems().get(0).line()).isPositive();
            assertThat(e.problems().get(0).column()).isPositive();
        }
    }

    private static void edit(String name, String text, RandomManifest.Document document, Random random) {
        List<String> path = document.entries().isEmpty()
                ? List.of("web")
                : document.entries().get(random.nextInt(document.entries().size()));
        ManifestEditor editor;
        try {
            editor = ManifestEditor.of(name, text);
        } catch (InvalidDocumentException e) {
            return;
        }
        try {
            ManifestEdit edit = random.nextBoolean() ? editor.remove(path) : editor.put(path, "x");
            assertThat(others(editor.text(), path)).isEqualTo(others(text, path));
            editor.undo(edit);
        } catch (AngeeException e) {
            assertThat(e.code()).isIn(ErrorCode.CONFLICT, ErrorCode.UNSUPPORTED, ErrorCode.NOT_FOUND);
        }
        assertThat(editor.text()).isEqualTo(text);
    }

    private static Map<String, YamlValue> others(String text, List<String> path) {
        YamlNode.Fields root =
                YamlSource.parse("x", text, YamlLimits.standard()).root();
        Map<String, YamlValue> others = new LinkedHashMap<>(((YamlValue.Fields) YamlValue.of(root)).fields());
        others.remove(path.get(0));
        return others;
    }

    private static String mutated(String text, Random random) {
        StringBuilder result = new StringBuilder(text);
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(result.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> result.delete(at, Math.min(result.length(), at + 1 + random.nextInt(6)));
                case 1 -> result.insert(at, result.substring(at, Math.min(result.length(), at + random.nextInt(60))));
                case 2 -> result.setLength(at);
                default -> result.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
            }
        }
        return result.substring(0, Math.min(result.length(), LONGEST));
    }
}

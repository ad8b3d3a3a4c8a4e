package dev.angee.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.golden.Corpus.Case;
import dev.angee.manifest.Manifest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Damaged manifests of at most 1 KB: whatever is in them, the reader reads or says what is wrong, and where. It is given
 * text and a file's name only, so there is nothing that it could write to.
 */
class ManifestFuzzTest {
    private static final int INPUTS = 100_000;
    private static final int LONGEST = 1024;
    private static final long SEED = 20260228;
    private static final String[] NASTY = {
        "\t",
        "\n",
        "\r",
        "\r\n",
        "  ",
        "\n  ",
        "\n- ",
        ": ",
        ":",
        "- ",
        "? ",
        ", ",
        "[",
        "]",
        "{",
        "}",
        "[[[[",
        "{{{{",
        "\"",
        "'",
        "|",
        "|2-\n",
        ">",
        ">+\n",
        "#",
        " #",
        "%",
        "%YAML 1.2\n---\n",
        "%YAML 1.1\n---\n",
        "%TAG ! tag:x,2000:\n",
        "---",
        "\n---\n",
        "\n...\n",
        "&a ",
        "&a",
        "*a",
        " *a ",
        "<<: *a",
        "<<: [*a, *a]",
        "<<: {",
        "&a [*a]",
        "!",
        "!!str ",
        "!!binary ",
        "!!set ",
        "!!omap ",
        "!!float ",
        "!!int ",
        "!!null ",
        "!<tag:x> ",
        "!!",
        "@",
        "`",
        "~",
        "null",
        "true",
        "0x10",
        "-0",
        "1e999",
        ".inf",
        ".nan",
        "\u0000",
        "\u0007",
        "\u001b[2J",
        "\u007f",
        "\u0085",
        "\u00a0",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffe",
        "\ud800",
        "\udc00",
        "😀",
        "é",
        "\\",
        "\\u0000",
        "\\x",
        "\"\\ud800\"",
        "\"\\0\"",
        "${",
        "${name}",
        "$${",
        "}",
        "${a|b}",
        "${name|truncate(99999999999999999999)}",
        "${secret.x}",
        "://",
        "source://",
        "volume://x/../y:/z",
        "../..",
        "/",
        "9999999999999999999",
        "-1",
        "99999999999999999999h",
        "999999999999999g",
        "0.0000000000000000001",
        "2026-99-99T99:99:99Z"
    };

    private final Random random = new Random(SEED);
    private final List<String> corpus = Corpus.cases().stream().map(Case::text).toList();

    @Test
    void a_damaged_manifest_is_read_or_refused_with_places() {
        AtomicInteger read = new AtomicInteger();
        AtomicInteger planned = new AtomicInteger();
        Fuzzing.feed(INPUTS, this::damaged, text -> {
            try {
                Manifest manifest = Corpus.read(text);
                read.incrementAndGet();
                Corpus.compile(manifest).print();
                planned.incrementAndGet();
            } catch (InvalidDocumentException e) {
                assertThat(e.problems()).isNotEmpty();
                for (Problem problem : e.problems()) {
                    assertThat(problem.line()).isPositive();
                    assertThat(problem.column()).isPositive();
                    assertThat(problem.toString().lines()).hasSize(1);
                }
            }
        });
        assertThat(read.get()).isGreaterThan(INPUTS / 100);
        assertThat(planned.get()).isGreaterThan(INPUTS / 100);
    }

    private String damaged() {
        StringBuilder text = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            damage(text);
        }
        return text.substring(0, Math.min(text.length(), LONGEST));
    }

    private void damage(StringBuilder text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(20));
        switch (random.nextInt(7)) {
            case 0 -> text.delete(from, to);
            case 1 -> text.insert(from, text.substring(from, to));
            case 2 -> text.replace(from, to, nasty());
            case 3 -> text.insert(from, (char) random.nextInt(0x180));
            case 4 -> {
                String other = corpus.get(random.nextInt(corpus.size()));
                int start = random.nextInt(other.length() + 1);
                text.insert(from, other, start, Math.min(other.length(), start + random.nextInt(80)));
            }
            case 5 -> {
                text.insert(from, nasty());
                text.insert(random.nextInt(text.length() + 1), nasty());
            }
            default -> text.insert(from, nasty());
        }
    }

    private String nasty() {
        return NASTY[random.nextInt(NASTY.length)];
    }
}

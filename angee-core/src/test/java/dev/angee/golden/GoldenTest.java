package dev.angee.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.angee.golden.Corpus.Case;
import dev.angee.golden.Corpus.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each case of the corpus becomes, byte for byte, what is written beside it. {@code -Dgolden.update=true} writes anew
 * what came out differently, and fails, so that nobody commits what nobody has looked at.
 */
class GoldenTest {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final int FEWEST = 140;

    static List<Case> cases() {
        return Corpus.cases();
    }

    @Test
    void the_corpus_is_there_in_full() {
        assertThat(Corpus.cases()).hasSizeGreaterThanOrEqualTo(FEWEST);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_manifest_becomes_the_plan_or_the_problems_beside_it(Case golden) throws IOException {
        Outcome outcome = Corpus.outcome(golden.text());
        if (UPDATE) {
            boolean changed = update(golden.plan(), outcome.plan());
            changed |= update(golden.problems(), outcome.problems());
            if (changed) {
                fail("written anew: look at it in " + golden.folder());
            }
        }
        assertThat(written(golden.plan())).isEqualTo(outcome.plan());
        assertThat(written(golden.problems())).isEqualTo(outcome.problems());
    }

    private static String written(Path file) {
        return Files.exists(file) ? Corpus.readString(file) : "";
    }

    private static boolean update(Path file, String text) throws IOException {
        if (written(file).equals(text)) {
            return false;
        }
        if (text.isEmpty()) {
            Files.delete(file);
        } else {
            Files.writeString(file, text);
        }
        return true;
    }
}

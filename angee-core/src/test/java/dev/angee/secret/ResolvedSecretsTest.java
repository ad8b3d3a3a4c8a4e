package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ResolvedSecretsTest {
    private static ResolvedSecrets of(String... values) {
        Map<SecretName, SecretValue> all = new java.util.TreeMap<>();
        for (String value : values) {
            all.put(new SecretName("s" + all.size()), SecretValue.of(value));
        }
        return ResolvedSecrets.of(all);
    }

    @Test
    void every_value_is_masked_the_longest_first() {
        assertThat(of("canary", "canary-4711").mask("a canary-4711 b canary c")).isEqualTo("a *** b *** c");
    }

    @Test
    void each_line_of_a_value_is_masked_also_where_it_is_quoted() {
        assertThat(of("line one\nline \"two\"\n").mask("x line one\n  line \\\"two\\\" line \"two\" y"))
                .isEqualTo("x ***\n  *** *** y");
    }

    @Test
    void what_is_shorter_than_four_characters_is_found_in_any_text_and_stays() {
        assertThat(of("the", "", "1\n2").mask("the 1 and the 2")).isEqualTo("the 1 and the 2");
        assertThat(of("them").mask("the them")).isEqualTo("the ***");
    }
}

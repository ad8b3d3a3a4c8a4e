package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceNamingTest {
    private static final Scope INPUTS = Scope.of(
            Map.of("inputs.name", "Ship it!", "inputs.branch", "", "inputs.n", "7", "inputs.long", "a-bc-def"));

    private static InstanceNaming naming(String pattern, String fallback, int most) {
        return new InstanceNaming(parsed(pattern), parsed(fallback), OptionalInt.of(most));
    }

    private static Optional<Expression> parsed(String text) {
        return text == null ? Optional.empty() : Optional.of(Expression.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ws-${inputs.n} ; ; 0 ; ws-7",
                "; ; 0 ; ship-it",
                "; ws-${inputs.n} ; 0 ; ws-7",
                "${inputs.branch | slug} ; ws-${inputs.n} ; 0 ; ws-7", // comes to nothing
                "${inputs.unset} ; ws-${inputs.n} ; 0 ; ws-7", // refers to what is not set
                "${inputs.branch | required} ; ws-${inputs.n} ; 0 ; ws-7",
                "--__-- ; ws-${inputs.n} ; 0 ; ws-7", // nothing is left
                "${inputs.long} ; ; 5 ; a-bc", // and the dash at the cut goes too
                "-_x_- ; ; 0 ; x",
            })
    void a_name_is_made_of_the_pattern_or_of_the_fallback_C20(String pattern, String fallback, int most, String name) {
        InstanceNaming naming = naming(pattern, fallback, most);
        assertThat(naming.name(INPUTS)).isEqualTo(name);
    }

    @Test
    void a_long_name_is_cut_between_characters() {
        assertThatThrownBy(() ->
                        naming("\uD83D\uDE80\uD83D\uDE80\uD83D\uDE80", null, 2).name(INPUTS))
                .hasMessageContaining("'\uD83D\uDE80\uD83D\uDE80'");
        assertThat(naming("\uD83D\uDE80x", "fallback", 0).pattern()).isPresent();
    }

    @Test
    void what_cannot_be_a_name_is_refused_with_what_made_it() {
        assertThatThrownBy(() -> naming("../${inputs.n}", null, 0).name(INPUTS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'../${inputs.n}' makes '../7'");
        assertThatThrownBy(
                        () -> naming("${inputs.branch}", "${inputs.unset}", 0).name(INPUTS))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'${inputs.branch}' comes to nothing")
                .hasMessageContaining("'inputs.unset' is not known here");
    }
}

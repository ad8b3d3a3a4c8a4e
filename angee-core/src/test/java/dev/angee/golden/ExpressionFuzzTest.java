package dev.angee.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Random expressions: each is one or is refused at a character of it. Nothing here can write a file. */
class ExpressionFuzzTest {
    private static final int INPUTS = 150_000;
    private static final long SEED = 20260301;
    private static final String[] PIECES = {
        "${",
        "}",
        "{",
        "$",
        "$$",
        "$${",
        "${}",
        "|",
        "(",
        ")",
        ",",
        "'",
        "\"",
        " ",
        "\n",
        "\t",
        ".",
        ":",
        "\\",
        "name",
        "ports.web",
        "ports.",
        "inputs.a",
        "inputs.empty",
        "inputs.uni",
        "secret.db",
        "secret.nope",
        "service.api.url",
        "nope",
        "slug",
        "lower",
        "upper",
        "local_part",
        "truncate(3)",
        "truncate(-1)",
        "truncate(99999999999)",
        "default('x')",
        "default(\"a,b\")",
        "required",
        "required('m')",
        "b64encode",
        "replace('a','b')",
        "replace('','xx')",
        "replace(a,)",
        "x",
        "0",
        "é",
        "😀",
        "\ud800",
        "\udc00",
        "\u0000",
        "\u00a0",
        "\u2003",
        "${name}",
        "${ports.web}",
        "${inputs.a | slug}",
        "${inputs.uni|truncate(1)}",
        "${secret.db}",
        "${secret.db|upper}",
        "${inputs.empty|default('d')}",
        "${a${name}}",
        "$$${name}"
    };
    private static final Scope SCOPE = Scope.of(Map.of(
                    "name", "web",
                    "ports.web", "8101",
                    "inputs.a", "a b ${name} $${x}",
                    "inputs.empty", "",
                    "inputs.uni", "😀é\ud800",
                    "service.api.url", "http://x"))
            .withSecrets(Set.of(new SecretName("db")));

    private final Random random = new Random(SEED);

    @Test
    void any_text_is_an_expression_or_is_refused_at_a_character() {
        AtomicInteger evaluated = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        Fuzzing.feed(INPUTS, this::text, text -> {
            try {
                Expression expression = Expression.parse(text);
                assertThat(expression.text()).isEqualTo(text);
                assertThat(Expression.parse(expression.text())).isEqualTo(expression);
                assertThat(expression.referencesByOffset().values())
                        .allMatch(path -> expression.references().contains(path));
                Text value = expression.resolve(SCOPE);
                assertThat(value.plain().isEmpty())
                        .isEqualTo(expression.references().contains("secret.db"));
                value.plain()
                        .ifPresent(
                                plain -> assertThat(expression.evaluate(SCOPE)).isEqualTo(plain));
                evaluated.incrementAndGet();
            } catch (ExpressionException e) {
                assertThat(e.offset()).isBetween(0, text.codePointCount(0, text.length()));
                assertThat(e.getMessage()).isNotBlank();
                refused.incrementAndGet();
            }
        });
        assertThat(evaluated.get()).isGreaterThan(INPUTS / 20);
        assertThat(refused.get()).isGreaterThan(INPUTS / 20);
    }

    @Test
    void a_literal_is_what_it_says_whatever_it_says() {
        Fuzzing.feed(INPUTS, this::text, text -> {
            Expression literal = Expression.literal(text);
            assertThat(literal.evaluate(SCOPE)).isEqualTo(text);
            assertThat(literal.text()).isEqualTo(text);
            assertThat(literal.references()).isEmpty();
        });
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(random.nextInt(12) == 0 ? String.valueOf((char) random.nextInt(0x300)) : piece());
        }
        if (text.length() > 0 && random.nextInt(3) == 0) {
            int at = random.nextInt(text.length());
            text.delete(at, Math.min(text.length(), at + random.nextInt(4)));
        }
        return text.toString();
    }

    private String piece() {
        return PIECES[random.nextInt(PIECES.length)];
    }
}

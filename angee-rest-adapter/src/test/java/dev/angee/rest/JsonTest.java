package dev.angee.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final int FUZZED_BODIES = 100_000;

    @Test
    void markup_control_and_separator_characters_are_escaped_in_lower_case() {
        assertThat(Json.write(ErrorBody.of("<a href='x'>&\"\\/\n\t\u001b\u2028\u2029 \u00e4 \u20ac \ud83d\ude80")))
                .isEqualTo("""
                        {"error":"\\u003ca href='x'\\u003e\\u0026\\"\\\\/\\n\\t\\u001b\\u2028\\u2029 \u00e4 \u20ac \ud83d\ude80"}
                        """);
    }

    @Test
    void the_keys_of_maps_are_in_order() {
        assertThat(Json.write(Map.of("b", 1, "a", 2, "<", 3))).isEqualTo("{\"\\u003c\":3,\"a\":2,\"b\":1}\n");
    }

    @Test
    void an_error_has_only_the_members_that_say_something() {
        assertThat(Json.write(ErrorBody.of(""))).isEqualTo("{\"error\":\"\"}\n");
    }

    @Test
    void members_are_read_in_any_case_and_null_is_empty() {
        WorkspaceRoutes.WorkspaceBody body = read(
                "{\"TEMPLATE\":\"dev\",\"Name\":null,\"inputs\":{\"Aa\":null,\"aA\":\"x\"},\"sync\":null,\"extra\":[{}]}");

        assertThat(body.template()).isEqualTo("dev");
        assertThat(body.name()).isEmpty();
        assertThat(body.ttl()).isEmpty();
        assertThat(body.inputs()).isEqualTo(Map.of("Aa", "", "aA", "x"));
        assertThat(body.sync()).isFalse();
    }

    @Test
    void any_bytes_are_understood_or_refused() {
        List<byte[]> seeds = List.of(
                bytes(
                        "{\"template\":\"dev\",\"name\":\"feat-x\",\"inputs\":{\"title\":\"T\"},\"ttl\":\"1h\",\"sync\":true}"),
                bytes("{\"services\":[\"a\",\"b\"],\"build\":false} trailing"),
                bytes("[[[[[[{\"a\":[[[1e999,-0.0,\"\\ud800\"]]]}]]]]]]"),
                bytes("\ufeff{\"NAME\":\"\\u0000\"}"));
        Random random = new Random(20_26);

        Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
        for (int i = 0; i < FUZZED_BODIES; i++) {
            try {
                read(mutated(seeds.get(random.nextInt(seeds.size())), random), WorkspaceRoutes.WorkspaceBody.class);
            } catch (AngeeException e) {
                refused.merge(e.code(), 1, Integer::sum);
            }
        }

        assertThat(refused).containsOnlyKeys(ErrorCode.INVALID);
        assertThat(refused.get(ErrorCode.INVALID)).isLessThan(FUZZED_BODIES);
    }

    @Test
    void a_deeply_nested_body_is_refused() {
        String deep = "{\"x\":" + "[".repeat(500_000);

        assertThat(refusal(deep)).startsWith("the body ");
    }

    private static byte[] mutated(byte[] seed, Random random) {
        byte[] body = Arrays.copyOf(seed, random.nextInt(8) == 0 ? random.nextInt(seed.length + 1) : seed.length);
        for (int n = random.nextInt(4); n > 0 && body.length > 0; n--) {
            int at = random.nextInt(body.length);
            body[at] = switch (random.nextInt(3)) {
                case 0 -> (byte) random.nextInt(256);
                case 1 -> (byte) "{}[]\":,\\0".charAt(random.nextInt(9));
                default -> body[random.nextInt(body.length)];
            };
        }
        return body;
    }

    private static String refusal(String body) {
        try {
            read(body);
            return "understood";
        } catch (AngeeException e) {
            return e.getMessage();
        }
    }

    private static WorkspaceRoutes.WorkspaceBody read(String body) {
        return read(bytes(body), WorkspaceRoutes.WorkspaceBody.class);
    }

    private static <T> T read(byte[] body, Class<T> type) {
        return Json.read(new ByteArrayInputStream(body), type);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

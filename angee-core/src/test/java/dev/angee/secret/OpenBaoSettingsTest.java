package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenBaoSettingsTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("OPENBAO_ADDR", "https://env:8200", "OPENBAO_TOKEN", "env-4711", "BAO_TOKEN", "bao-4711");

    @Test
    void what_is_not_declared_comes_from_the_environment_or_is_the_default_R24() {
        OpenBaoSettings settings = OpenBaoSettings.of(Map.of("address", ""), ENVIRONMENT);
        assertThat(settings.address()).hasToString("https://env:8200");
        assertThat(settings.token()).contains(SecretValue.of("env-4711"));
        assertThat(settings.mount()).isEqualTo("secret");
        assertThat(settings.path()).isEqualTo("angee");
        assertThat(settings.timeout()).hasSeconds(10);
    }

    @Test
    void what_is_declared_comes_first_and_loses_the_slashes_around_it() {
        OpenBaoSettings settings = OpenBaoSettings.of(
                Map.of("address", "http://h:1/bao//", "mount", "/kv/", "path", "//a/b/", "token", "own"), ENVIRONMENT);
        assertThat(settings.address()).hasToString("http://h:1/bao");
        assertThat(settings.mount()).isEqualTo("kv");
        assertThat(settings.path()).isEqualTo("a/b");
        assertThat(settings.token()).contains(SecretValue.of("own"));
    }

    @Test
    void a_token_that_is_one_reference_is_that_variable_R25() {
        assertThat(OpenBaoSettings.of(Map.of("token", "${BAO_TOKEN}"), ENVIRONMENT)
                        .token())
                .contains(SecretValue.of("bao-4711"));
        assertThatThrownBy(() -> OpenBaoSettings.of(Map.of("token", "${NOPE}"), ENVIRONMENT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("openbao.token: the variable NOPE is not set")
                .hasMessageContaining("leave 'token' out and set OPENBAO_TOKEN");
    }

    @ParameterizedTest
    @CsvSource({"token,x${BAO_TOKEN}", "token,${secret.x}", "address,http://${HOST}:8200", "address,${A}${B}"})
    void a_reference_of_another_form_is_refused_R25(String key, String value) {
        assertThatThrownBy(() -> OpenBaoSettings.of(Map.of(key, value), ENVIRONMENT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("leave '" + key + "' out and set the variable OPENBAO_");
    }

    @Test
    void no_address_at_all_is_refused_R24() {
        assertThatThrownBy(() -> OpenBaoSettings.of(Map.of(), Map.of()))
                .hasMessage("openbao.address: is missing; give it, or set the variable OPENBAO_ADDR");
        assertThatThrownBy(() -> OpenBaoSettings.of(Map.of("adress", "x"), ENVIRONMENT))
                .hasMessageContaining("openbao.adress: is not known");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary",
                "ftp://canary",
                "http://",
                "http:///canary",
                "http://u:canary@h",
                "http://h/?canary=1",
                "http://h#canary",
                "http://h/ canary",
                "://canary"
            })
    void an_address_of_another_kind_is_refused_and_not_shown(String address) {
        assertThatThrownBy(() -> OpenBaoSettings.of(Map.of("address", address), Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("openbao.address")
                .hasMessageNotContaining("canary")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", "../sys", "a/./b", "a\nb"})
    void a_path_that_leads_elsewhere_is_refused_R23(String path) {
        OpenBaoSettings good = OpenBaoSettings.of(Map.of(), ENVIRONMENT);
        assertThatThrownBy(() -> new OpenBaoSettings(
                        good.address(), good.mount(), path, good.token(), good.namespace(), good.timeout()))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new OpenBaoSettings(
                        good.address(), path, good.path(), good.token(), good.namespace(), good.timeout()))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_token_that_is_no_header_is_refused_and_not_shown() {
        assertThatThrownBy(() -> OpenBaoSettings.of(Map.of("token", "4711\r\nX: y"), ENVIRONMENT))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("openbao.token")
                .hasMessageNotContaining("4711");
        assertThat(OpenBaoSettings.of(Map.of(), ENVIRONMENT)).asString().doesNotContain("4711");
    }
}

package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.SecretStoreContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real HTTP server that behaves as OpenBao does. */
class OpenBaoStoreIT extends SecretStoreContract {
    private static final SecretName NAME = new SecretName("a.b-c");
    private static final SecretValue CANARY = SecretValue.of("canary-4711");
    private static final String MOUNT = "our secrets/kv";

    private OpenBaoServer server;

    @BeforeEach
    void start() throws IOException {
        server = new OpenBaoServer(MOUNT);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OpenBaoSettings settings() {
        return OpenBaoSettings.of(
                Map.of("address", server.address(), "mount", MOUNT, "path", "ä/100%", "token", OpenBaoServer.TOKEN),
                Map.of());
    }

    @Override
    protected SecretStore store() {
        return OpenBaoStore.at(settings());
    }

    @Test
    void each_part_of_the_url_is_escaped_R23() {
        store().put(NAME, CANARY);
        store().get(NAME);
        store().keys();
        assertThat(server.requests())
                .startsWith(
                        "POST /v1/our%20secrets/kv/data/%C3%A4/100%25/a.b-c",
                        "GET /v1/our%20secrets/kv/data/%C3%A4/100%25/a.b-c",
                        "GET /v1/our%20secrets/kv/metadata/%C3%A4/100%25/?list=true");
    }

    @Test
    void names_with_one_variable_are_two_secrets_here_R23() {
        store().put(new SecretName("a.b"), CANARY);
        assertThat(store().get(new SecretName("a-b"))).isEmpty();
    }

    @Test
    void folders_and_names_that_are_none_of_ours_are_not_listed() throws IOException {
        server.plant("ä/100%/folder/x", "{\"value\": \"v\"}");
        server.plant("ä/100%/no name of ours", "{\"value\": \"v\"}");
        store().put(NAME, CANARY);
        assertThat(store().keys()).containsExactly("a.b-c");
    }

    @Test
    void what_another_program_wrote_in_another_form_is_refused_and_not_overwritten() throws IOException {
        for (String json :
                new String[] {"{\"value\": 4711}", "{\"password\": \"4711\"}", "{\"value\": {\"x\": \"4711\"}}"}) {
            server.plant("ä/100%/other", json);
            SecretName other = new SecretName("other");
            assertThatThrownBy(() -> store().get(other))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                    .hasMessageContaining("there is no text in its field 'value'")
                    .hasMessageNotContaining("4711");
            assertThatThrownBy(() -> store().putIfAbsent(other, CANARY)).isInstanceOf(AngeeException.class);
        }
    }

    @Test
    void a_token_that_may_not_is_refused_and_not_shown_R24() {
        SecretStore store = OpenBaoStore.at(
                OpenBaoSettings.of(Map.of("address", server.address(), "token", "wrong-4711"), Map.of()));
        assertThatThrownBy(() -> store.get(NAME))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("status 403: the token is missing, expired, or may not do this")
                .hasMessageNotContaining("4711");
    }
}

package dev.angee.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.instance.Angee;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in: tokens, hosts and origins. */
class GateTest {
    private static final String TOKEN = "canary-token-4711";

    @TempDir
    Path folder;

    private World world;
    private Angee angee;

    @BeforeEach
    void open() {
        world = new World(folder);
        angee = world.angee();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/stack/status",
        "POST,/stack/up",
        "POST,/stack/down",
        "GET,/workspaces",
        "POST,/workspaces",
        "GET,/workspaces/x",
        "GET,/nope",
        "DELETE,/stack/status",
        "GET,//stack/status"
    })
    void with_a_token_every_route_but_healthz_asks_for_it(String method, String path) {
        Request request = Request.of(method, path).with("Host", "localhost");

        assertThat(withToken().handle(request)).isEqualTo(unauthorized());
        assertThat(withToken()
                        .handle(request.with("Authorization", "Bearer " + TOKEN))
                        .status())
                .isNotEqualTo(401);
    }

    @Test
    void healthz_asks_for_no_token() {
        assertThat(withToken().handle(Request.of("GET", "/healthz")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer canary-token-471",
                "Bearer canary-token-47111",
                "Bearer CANARY-TOKEN-4711",
                "bearer canary-token-4711",
                "Basic canary-token-4711",
                "canary-token-4711",
                "Bearer canary-token-4711 x"
            })
    void anything_but_the_token_is_401_and_changes_nothing(String authorization) {
        Request up = Request.of("POST", "/stack/up").with("Authorization", authorization);

        assertThat(withToken().handle(up)).isEqualTo(unauthorized());
        assertThat(angee.stack().status().services().get("worker").state()).isEqualTo("declared");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer canary-token-4711", "  Bearer   canary-token-4711  "})
    void the_token_may_have_spaces_around_it(String authorization) {
        Request status = Request.of("GET", "/stack/status").with("authorization", authorization);

        assertThat(withToken().handle(status).status()).isEqualTo(200);
    }

    @Test
    void the_token_shows_nowhere() {
        RestOptions options = RestOptions.defaults().token(TOKEN);
        Request request = Request.of("GET", "/stack/status?token=" + TOKEN).with("Authorization", "Bearer " + TOKEN);

        assertThat(options + " " + options.token() + " " + request).doesNotContain(TOKEN, "471");
        assertThatThrownBy(() -> RestOptions.defaults().token(TOKEN + " "))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "new\nline", "\u00fcber"})
    void a_token_that_no_header_could_carry_is_refused(String token) {
        assertThatThrownBy(() -> RestOptions.defaults().token(token))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("token:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:9000",
                "127.0.0.1",
                "127.0.0.1:9000",
                "127.8.9.10:1",
                "[::1]",
                "[::1]:9000",
                "[0:0:0:0:0:0:0:1]:80"
            })
    void without_a_token_this_host_is_served_under_its_own_names(String host) {
        assertThat(withoutToken()
                        .handle(Request.of("GET", "/stack/status").with("Host", host))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:9000",
                "localhost.evil.example",
                "evil.example#localhost",
                "127.0.0.1.evil.example",
                "127.0.0.1@evil.example",
                "127.0.0.999",
                "10.0.0.1",
                "0.0.0.0",
                "[::]",
                "[2001:db8::1]",
                "[::1",
                "::1",
                "localhost:9000:1",
                "localhost:port"
            })
    void without_a_token_a_rebound_name_is_refused_S3(String host) {
        for (Request request : List.of(
                Request.of("GET", "/healthz"), Request.of("GET", "/stack/status"), Request.of("POST", "/stack/up"))) {
            assertThat(withoutToken().handle(request.with("Host", host)).status())
                    .as(request.toString())
                    .isEqualTo(403);
        }
        assertThat(angee.stack().status().services().get("worker").state()).isEqualTo("declared");
    }

    @Test
    void without_a_token_no_host_and_two_hosts_are_refused() {
        Request bare = Request.of("GET", "/stack/status");

        assertThat(withoutToken().handle(bare)).isEqualTo(json(403, """
                        {"error":"the Host header must name localhost or a loopback address; \
                        set a token to serve others"}"""));
        assertThat(withoutToken()
                        .handle(bare.with("Host", "localhost").with("Host", "evil.example"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void with_a_token_any_host_is_served() {
        Request status = Request.of("GET", "/stack/status")
                .with("Host", "stack.example")
                .with("Authorization", "Bearer " + TOKEN);

        assertThat(withToken().handle(status).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site,cross-site",
        "Sec-Fetch-Site,same-site",
        "Sec-Fetch-Site,anything",
        "Origin,https://evil.example",
        "Origin,http://localhost:3000",
        "Origin,http://localhost",
        "Origin,null",
        "Origin,''",
        "Origin,http://localhost:9000@evil.example",
    })
    void what_changes_something_may_not_come_from_another_origin_S3(String header, String value) {
        Request up =
                Request.of("POST", "/stack/up").with("Host", "localhost:9000").with(header, value);

        assertThat(withoutToken().handle(up)).isEqualTo(crossOrigin());
        assertThat(withToken().handle(up.with("Authorization", "Bearer " + TOKEN)))
                .isEqualTo(crossOrigin());
        assertThat(angee.stack().status().services().get("worker").state()).isEqualTo("declared");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site,same-origin",
        "Sec-Fetch-Site,none",
        "Origin,http://localhost:9000",
        "Origin,http://LOCALHOST:9000",
        "User-Agent,curl"
    })
    void what_comes_from_here_may_change_something(String header, String value) {
        Request up =
                Request.of("POST", "/stack/up").with("Host", "localhost:9000").with(header, value);

        assertThat(withoutToken().handle(up).status()).isEqualTo(200);
    }

    @Test
    void the_fetch_site_counts_more_than_an_origin_that_a_proxy_has_made_differ() {
        Request down = Request.of("POST", "/stack/down")
                .with("Host", "localhost:9000")
                .with("Origin", "https://console.example");

        assertThat(withoutToken()
                        .handle(down.with("Sec-Fetch-Site", "same-origin"))
                        .status())
                .isEqualTo(200);
        assertThat(withoutToken()
                        .handle(down.with("Sec-Fetch-Site", "cross-site"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void reading_from_another_origin_is_left_to_the_browser() {
        Request status = Request.of("GET", "/stack/status")
                .with("Host", "localhost:9000")
                .with("Origin", "https://evil.example")
                .with("Sec-Fetch-Site", "cross-site");

        assertThat(withoutToken().handle(status).status()).isEqualTo(200);
        assertThat(withoutToken().handle(status).headers()).doesNotContainKey("Access-Control-Allow-Origin");
    }

    private RestAdapter withoutToken() {
        return new RestAdapter(angee, RestOptions.defaults());
    }

    private RestAdapter withToken() {
        return new RestAdapter(angee, RestOptions.defaults().token(TOKEN));
    }

    private static Response unauthorized() {
        return json(401, "{\"error\":\"unauthorized\"}");
    }

    private static Response crossOrigin() {
        return json(403, "{\"error\":\"cross-origin requests may not change anything\"}");
    }

    private static Response json(int status, String body) {
        return new Response(status, Map.of("Content-Type", "application/json"), body + "\n");
    }
}

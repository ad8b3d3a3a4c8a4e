package dev.angee.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.instance.Angee;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route over a real instance: its exact answer, and that the answer follows the world. */
class RestAdapterTest {
    @TempDir
    Path folder;

    private World world;
    private RestAdapter adapter;

    @BeforeEach
    void open() {
        world = new World(folder);
        adapter = new RestAdapter(world.angee(), RestOptions.defaults());
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void healthz_is_ok() {
        assertThat(get("/healthz")).isEqualTo(json(200, "{\"status\":\"ok\"}"));
    }

    @Nested
    class StackStatus {
        @Test
        void shows_what_is_declared_before_anything_was_brought_up() {
            assertThat(get("/stack/status")).isEqualTo(json(200, """
                            {"root":"%s","name":"demo","services":{\
                            "web":{"name":"web","runtime":"local","status":"declared"},\
                            "worker":{"name":"worker","runtime":"local","status":"declared"}},\
                            "jobs":{"migrate":{"name":"migrate","runtime":"local"}}}""".formatted(world.root())));
        }

        @Test
        void omits_what_a_stack_does_not_have() {
            world.manifest("version: 1\nkind: stack\nname: bare\n");

            assertThat(get("/stack/status"))
                    .isEqualTo(json(200, "{\"root\":\"%s\",\"name\":\"bare\"}".formatted(world.root())));
        }

        @Test
        void follows_the_manifest_on_disk() {
            assertThat(services()).isEqualTo("web=declared worker=declared");

            world.edit("  worker:", "  mailer:");

            assertThat(services()).isEqualTo("mailer=declared web=declared");
        }

        @Test
        void follows_what_another_instance_does_and_what_changes_by_itself() throws Exception {
            Angee other = world.another();

            other.stack().up(UpOptions.defaults());
            assertThat(services()).isEqualTo("web=running/healthy worker=running");

            other.stack().stop(Selection.of("worker"), StopOptions.defaults());
            assertThat(services()).isEqualTo("web=running/healthy worker=exited");

            world.spoilHealth();
            await().untilAsserted(() -> assertThat(services()).isEqualTo("web=running/unhealthy worker=exited"));

            other.stack().down(DownOptions.defaults());
            assertThat(services()).isEqualTo("web=declared worker=declared");
        }

        @Test
        void keeps_showing_a_service_that_runs_and_is_no_longer_declared() throws Exception {
            world.angee().stack().up(UpOptions.defaults());

            world.edit("  worker:", "  mailer:");

            assertThat(services()).isEqualTo("mailer=declared web=running/healthy worker=running");
        }

        @Test
        void shows_the_workspaces() {
            Workspace made = world.another().workspaces().create(featX());

            assertThat(get("/stack/status").body()).endsWith(",\"workspaces\":{\"feat-x\":%s}}\n".formatted(ref(made)));
        }

        @Test
        void of_a_manifest_that_is_not_sound_is_400_with_all_its_problems() {
            world.manifest("version: 1\nkind: stack\nname: demo\nservcies: {}\nservices: { web: { image: x } }\n");

            Response response = get("/stack/status");

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body())
                    .startsWith("{\"error\":\"")
                    .contains("servcies", "runtime", "2 problems")
                    .doesNotContain("\"field\"");
        }
    }

    @Nested
    class StackUp {
        @Test
        void starts_everything_when_there_is_no_body() {
            assertThat(post("/stack/up", "")).isEqualTo(json(200, "{\"status\":\"started\"}"));

            assertThat(services()).isEqualTo("web=running/healthy worker=running");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"{}", "null", " \n", "{\"services\":null}", "{\"services\":[]}", "{\"other\":1}", "{} x"})
        void takes_nothing_in_particular_as_everything(String body) {
            assertThat(post("/stack/up", body).status()).isEqualTo(200);

            assertThat(services()).isEqualTo("web=running/healthy worker=running");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"services\":[\"worker\"],\"build\":false}", "{\"SerViCes\":[\"worker\"]}"})
        void starts_only_the_services_that_are_named(String body) {
            assertThat(post("/stack/up", body).status()).isEqualTo(200);

            assertThat(services()).isEqualTo("web=declared worker=running");
        }

        @Test
        void of_an_unknown_service_is_404_and_changes_nothing() {
            assertThat(post("/stack/up", "{\"services\":[\"wrker\"]}")).isEqualTo(json(404, """
                            {"kind":"service","name":"wrker",\
                            "error":"service 'wrker' does not exist (services: web, worker)"}"""));
            assertThat(services()).isEqualTo("web=declared worker=declared");
        }

        @Test
        void with_build_is_refused_not_ignored() {
            assertThat(post("/stack/up", "{\"build\":true}")).isEqualTo(json(400, """
                            {"field":"build","reason":"not supported yet; build the image first and leave 'build' out",\
                            "error":"build: not supported yet; build the image first and leave 'build' out"}"""));
            assertThat(services()).isEqualTo("web=declared worker=declared");
        }

        @Test
        void without_its_runtime_is_503() {
            world.runtime().problem("not there; start it");

            assertThat(post("/stack/up", "")).isEqualTo(json(503, "{\"error\":\"engine: not there; start it\"}"));
        }

        @Test
        void on_a_runtime_nobody_brought_is_501() {
            world.edit("worker: { runtime: local, command: [sleeps] }", "worker: { runtime: container, image: x }");

            assertThat(post("/stack/up", "").status()).isEqualTo(501);
        }

        @Test
        void that_fails_is_500_with_what_the_operation_says() {
            world.edit("worker: { runtime: local, command: [sleeps] }", "worker: { runtime: local, command: [nope] }");

            assertThat(post("/stack/up", "")).isEqualTo(json(500, "{\"error\":\"'worker' has no such program\"}"));
        }

        @Test
        void that_breaks_in_a_way_nobody_foresaw_tells_the_client_nothing_of_it_S9() {
            world.runtime().first(() -> {
                throw new IllegalStateException("canary-detail /home/someone/.ssh/id");
            });

            assertThat(post("/stack/up", ""))
                    .isEqualTo(json(500, "{\"error\":\"internal error; the server's log says more\"}"));
        }

        @Test
        void that_is_interrupted_is_503_and_leaves_the_thread_interrupted() {
            CountDownLatch never = new CountDownLatch(1);
            world.runtime().first(() -> {
                Thread.currentThread().interrupt();
                never.await();
            });

            Response response = post("/stack/up", "");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).startsWith("{\"error\":\"interrupted");
        }
    }

    @Test
    void stack_down_ends_everything_and_twice_is_no_error() throws Exception {
        world.another().stack().up(UpOptions.defaults());

        assertThat(post("/stack/down", "")).isEqualTo(json(200, "{\"status\":\"stopped\"}"));
        assertThat(services()).isEqualTo("web=declared worker=declared");
        assertThat(post("/stack/down", "")).isEqualTo(json(200, "{\"status\":\"stopped\"}"));
    }

    @Nested
    class WorkspaceList {
        @Test
        void is_empty_and_never_null() {
            assertThat(get("/workspaces")).isEqualTo(json(200, "{\"nodes\":[],\"total_count\":0}"));
        }

        @Test
        void follows_the_workspaces_that_another_instance_makes_and_destroys() throws Exception {
            Angee other = world.another();

            Workspace made = other.workspaces().create(featX());
            assertThat(get("/workspaces"))
                    .isEqualTo(json(200, "{\"nodes\":[%s],\"total_count\":1}".formatted(ref(made))));

            other.workspaces().destroy("feat-x", DestroyOptions.keepingWork());
            assertThat(get("/workspaces")).isEqualTo(json(200, "{\"nodes\":[],\"total_count\":0}"));
        }

        @Test
        void shows_a_declared_workspace_with_no_more_than_is_known_of_it() {
            world.edit("services:", "workspaces:\n  later: { template: dev }\nservices:");

            assertThat(get("/workspaces"))
                    .isEqualTo(json(
                            200,
                            "{\"nodes\":[{\"name\":\"later\",\"path\":\"%s\",\"template\":\"dev\"}],\"total_count\":1}"
                                    .formatted(world.root().resolve("workspaces/later"))));
        }

        @Test
        void refuses_a_query_rather_than_ignoring_it() {
            assertThat(get("/workspaces?query=%7B%22paging%22%3A%7B%22limit%22%3A1%7D%7D"))
                    .isEqualTo(json(400, """
                            {"field":"query","reason":"not supported yet; leave it out to get the whole list",\
                            "error":"query: not supported yet; leave it out to get the whole list"}"""));
            assertThat(get("/workspaces?query=&other=1").status()).isEqualTo(200);
            assertThat(get("/workspaces?query=%zz").status()).isEqualTo(400);
        }
    }

    @Nested
    class WorkspaceCreate {
        @Test
        void makes_it_and_answers_201_with_it() {
            Response response = post(
                    "/workspaces", "{\"template\":\"dev\",\"name\":\"feat-x\",\"inputs\":{\"title\":\"Feature X\"}}");

            Workspace made = world.another().workspaces().get("feat-x");
            assertThat(response).isEqualTo(json(201, ref(made)));
            assertThat(made.path().resolve("README.md")).hasContent("# Feature X");
            assertThat(made.path().resolve("app")).isDirectory();
        }

        @Test
        void of_a_name_that_is_taken_is_409() {
            world.another().workspaces().create(featX());

            assertThat(post("/workspaces", "{\"template\":\"dev\",\"name\":\"feat-x\",\"inputs\":{\"title\":\"T\"}}"))
                    .isEqualTo(json(409, """
                            {"kind":"workspace","name":"feat-x",\
                            "reason":"already exists; destroy it, or take another name",\
                            "error":"workspace 'feat-x': already exists; destroy it, or take another name"}"""));
        }

        @Test
        void from_an_unknown_template_is_404() {
            assertThat(post("/workspaces", "{\"template\":\"dav\",\"name\":\"feat-x\"}"))
                    .isEqualTo(json(404, """
                            {"kind":"template","name":"dav","error":"template 'dav' does not exist \
                            (templates: stacks/dev, workspaces/dev)"}"""));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        template | {}
                        template | {"name":"feat-x"}
                        template | {"template":" ","name":"feat-x"}
                        template | {"template":"/etc","name":"feat-x"}
                        template | {"template":"File:///etc//x","name":"feat-x"}
                        template | {"template":"../dev","name":"feat-x"}
                        name     | {"template":"dev"}
                        name     | {"template":"dev","name":"../run","inputs":{"title":"T"}}
                        ttl      | {"template":"dev","name":"feat-x","inputs":{"title":"T"},"ttl":"1h"}
                        sync     | {"template":"dev","name":"feat-x","inputs":{"title":"T"},"sync":true}
                        inputs   | {"template":"dev","name":"feat-x"}
                        """)
        void that_cannot_be_done_as_asked_is_400_naming_the_field_S6(String field, String body) {
            Response response = post("/workspaces", body);

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body())
                    .startsWith("{\"field\":\"" + field + "\",\"reason\":\"")
                    .contains("\"error\":");
            assertThat(get("/workspaces").body()).startsWith("{\"nodes\":[]");
            assertThat(Files.exists(world.root().resolve("workspaces/feat-x"))).isFalse();
        }
    }

    @Test
    void a_workspace_is_answered_by_its_name() {
        Workspace made = world.another().workspaces().create(featX());

        assertThat(get("/workspaces/feat-x")).isEqualTo(json(200, ref(made)));
        assertThat(get("/workspaces/feat%2Dx")).isEqualTo(json(200, ref(made)));
    }

    @ParameterizedTest
    @CsvSource({"nope,nope", "%2E%2E,..", "..%2Frun,../run", "%3Cb%3E,\\u003cb\\u003e"})
    void an_unknown_workspace_is_404_whatever_it_is_called(String segment, String shown) {
        Response response = get("/workspaces/" + segment);

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body()).startsWith("{\"kind\":\"workspace\",\"name\":\"" + shown + "\",\"error\":\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"\"",
                "7",
                "{\"services\":\"web\"}",
                "{\"services\":[1]}",
                "{\"services\":[[]]}",
                "{\"build\":\"true\"}",
                "{\"build\":1}",
                "{services:[]}",
                "\u0000"
            })
    void a_body_of_another_shape_is_400_in_words_that_name_no_class(String body) {
        Response response = post("/stack/up", body);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).startsWith("{\"error\":\"the body ").doesNotContain("java", "Body", "jackson");
        assertThat(services()).isEqualTo("web=declared worker=declared");
    }

    @Test
    void a_body_of_another_shape_is_pointed_at() {
        assertThat(post("/workspaces", "{\n\"inputs\":{\"title\":7}}")).isEqualTo(json(400, """
                        {"error":"the body does not have the right shape: 'inputs.title' has the wrong type \
                        (line 2, column 19)"}"""));
    }

    @Test
    void a_body_may_have_a_mebibyte_and_not_a_byte_more() {
        String padding = " ".repeat(1024 * 1024 - 2);

        assertThat(post("/stack/down", "{}" + padding).status()).isEqualTo(200);
        assertThat(post("/stack/up", "{}" + padding).status()).isEqualTo(200);
        assertThat(post("/stack/up", "{} " + padding))
                .isEqualTo(json(400, "{\"error\":\"the body is longer than 1048576 bytes\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/nope", "/workspaces/", "/workspaces/a/b", "/stack", "/healthz/x", "*", "", "/a/../b"})
    void an_unknown_path_is_404_in_plain_text(String path) {
        assertThat(get(path)).isEqualTo(Response.text(404, "404 page not found"));
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/healthz,'GET, HEAD'",
        "DELETE,/stack/status,'GET, HEAD'",
        "GET,/stack/up,POST",
        "HEAD,/stack/down,POST",
        "OPTIONS,/workspaces,'GET, HEAD, POST'",
        "PUT,/workspaces/x,'GET, HEAD'",
        "get,/healthz,'GET, HEAD'",
    })
    void a_wrong_method_is_405_and_says_which_are_right(String method, String path, String allowed) {
        Response response = adapter.handle(here(Request.of(method, path)));

        assertThat(response).isEqualTo(Response.text(405, "Method Not Allowed").with("Allow", allowed));
    }

    @Test
    void head_is_answered_like_get() {
        assertThat(adapter.handle(here(Request.of("HEAD", "/stack/status")))).isEqualTo(get("/stack/status"));
    }

    @ParameterizedTest
    @CsvSource({
        "//stack/status,/stack/status",
        "/stack//status?a=b,/stack/status?a=b",
        "/x/../stack/./status,/stack/status",
        "/../../stack/status,/stack/status",
        "//example.org/../stack/status,/stack/status",
    })
    void an_untidy_path_is_redirected_to_the_tidy_one_and_stays_on_this_host(String sent, String location) {
        Response response = get(sent);

        assertThat(response.status()).isEqualTo(307);
        assertThat(response.headers()).containsEntry("Location", location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/workspaces/%", "/workspaces/%zz", "/healthz\r\nX: y", "/workspaces/\u00e4", "/stack status"})
    void a_malformed_target_is_400(String target) {
        assertThat(get(target).status()).isEqualTo(400);
    }

    private Response get(String target) {
        return adapter.handle(here(Request.of("GET", target)));
    }

    private Response post(String target, String body) {
        return adapter.handle(here(Request.of("POST", target).withBody(body)));
    }

    private static Request here(Request request) {
        return request.with("Host", "localhost:9000");
    }

    private static WorkspaceRequest featX() {
        return WorkspaceRequest.named("feat-x").template("dev").input("title", "Feature X");
    }

    private static Response json(int status, String body) {
        return new Response(status, Map.of("Content-Type", "application/json"), body + "\n");
    }

    private static String ref(Workspace made) {
        return """
               {"name":"feat-x","path":"%s","template":"workspaces/dev","chain_root":".angee",\
               "allocations":{"web":%d}}""".formatted(made.path(), made.allocations().get("web"));
    }

    /** The services of the status, in short. */
    private String services() {
        return get("/stack/status")
                .body()
                .replaceAll("(?s).*\"services\":\\{(.*?)}},?\"?.*", "$1}")
                .replaceAll(
                        "\"[^\"]+\":\\{\"name\":\"([^\"]+)\",\"runtime\":\"local\",\"status\":\"(\\w+)\"(,\"health\":\"(\\w+)\")?},?",
                        "$1=$2/$4 ")
                .replace("/ ", " ")
                .trim();
    }
}

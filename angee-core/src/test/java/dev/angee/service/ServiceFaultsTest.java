package dev.angee.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.render.TemplateUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a service when making or updating it fails, or its JVM dies, at any step. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ServiceFaultsTest {
    @TempDir
    Path folder;

    private int roots;

    /** What no program catches: the change stays as it is. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private ServiceRoot root() throws Exception {
        ServiceRoot root = new ServiceRoot(folder.toRealPath().resolve("n" + roots++));
        root.template("copier.yml", ServiceRoot.QUESTIONS + "token: { type: str, secret: true, generated: true }\n");
        version(root, "one");
        return root;
    }

    private static void version(ServiceRoot root, String version) throws Exception {
        String port = version.equals("one") ? "{{ alloc_web }}" : "{{ alloc_other }}";
        root.service("ports: [\"127.0.0.1:" + port + ":80\"]", "env: { V: " + version + ", T: \"{{ token }}\" }");
        root.template("conf/a", version);
        root.template(version, "only here");
    }

    private static void create(Services services) {
        var unused = services.create(ServiceRoot.WEB);
    }

    private static void update(Services services) {
        var unused = services.updateFromTemplate("web", TemplateUpdate.standard());
    }

    private List<String> steps(Consumer<Services> work, boolean made) throws Exception {
        List<String> steps = new ArrayList<>();
        try (ServiceRoot root = prepared(made)) {
            work.accept(root.stepped(steps::add));
        }
        assertThat(steps).as("steps of one change").hasSizeGreaterThan(20);
        return steps;
    }

    private ServiceRoot prepared(boolean made) throws Exception {
        ServiceRoot root = root();
        if (made) {
            create(root.services());
            version(root, "two");
            root.template("one", "");
        }
        return root;
    }

    private static Consumer<String> throwing(int at, Throwable what) {
        int[] count = {0};
        return step -> {
            if (count[0]++ == at) {
                if (what instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) what;
            }
        };
    }

    private void failures(Consumer<Services> work, boolean made) throws Exception {
        int steps = steps(work, made).size();
        int failed = 0;
        for (int at = 0; at < steps; at++) {
            try (ServiceRoot root = prepared(made)) {
                Map<String, String> before = secretless(root);
                try {
                    work.accept(root.stepped(throwing(at, new IllegalStateException("step"))));
                } catch (RuntimeException e) {
                    failed++;
                    assertThat(secretless(root)).as("step " + at).isEqualTo(before);
                    work.accept(root.services());
                }
                requireMade(root, made);
            }
        }
        assertThat(failed).isGreaterThan(steps / 2);
    }

    private void deaths(Consumer<Services> work, boolean made) throws Exception {
        int steps = steps(work, made).size();
        int undone = 0;
        int kept = 0;
        for (int at = 0; at < steps; at++) {
            try (ServiceRoot root = prepared(made)) {
                Map<String, String> before = secretless(root);
                Services dying = root.stepped(throwing(at, new Death()));
                assertThatThrownBy(() -> work.accept(dying)).isInstanceOf(Death.class);
                assertThat(root.reopen().recovered().failed()).isEmpty();
                if (secretless(root).equals(before)) {
                    undone++;
                } else {
                    kept++;
                    requireMade(root, made);
                }
                Map<String, String> settled = secretless(root);
                assertThat(settled.keySet()).noneMatch(path -> path.startsWith("run/changes/"));
                assertThat(root.reopen().recovered().undone())
                        .as("the second time")
                        .isEmpty();
                assertThat(secretless(root)).isEqualTo(settled);
            }
        }
        assertThat(undone).isPositive();
        assertThat(kept).isPositive();
    }

    private static void requireMade(ServiceRoot root, boolean updated) throws Exception {
        String version = updated ? "two" : "one";
        assertThat(root.manifest())
                .containsPattern("V: \"?" + version)
                .contains("${secret.web-token}", "web-token: {}");
        assertThat(root.read("services/web/conf/a")).isEqualTo(version);
        assertThat(root.root.resolve("services/web/" + version)).exists();
        assertThat(root.root.resolve("services/web/two").toFile().exists()).isEqualTo(updated);
        assertThat(root.read("run/template-state/services/web.json")).contains("\"" + version + "\"");
        assertThat(root.leases())
                .containsExactlyElementsOf(updated ? List.of("service/web/other") : List.of("service/web/web"));
        assertThat(root.read(".env")).contains("WEB_TOKEN");
        assertThat(root.read("run/services/web.json")).contains("web-token").doesNotContain("MAKING");
    }

    /** An empty store of secrets is as good as none. */
    private static Map<String, String> secretless(ServiceRoot root) throws Exception {
        Map<String, String> tree = root.tree();
        if (!tree.getOrDefault(".env", "").contains("WEB_TOKEN")) {
            tree.remove(".env");
        }
        return tree;
    }

    @Test
    void a_failure_at_any_step_of_making_one_leaves_all_as_it_was() throws Exception {
        failures(ServiceFaultsTest::create, false);
    }

    @Test
    void a_failure_at_any_step_of_an_update_leaves_all_as_it_was() throws Exception {
        failures(ServiceFaultsTest::update, true);
    }

    @Test
    void a_death_at_any_step_of_making_one_leaves_it_made_or_not_at_all_once_the_root_is_opened() throws Exception {
        deaths(ServiceFaultsTest::create, false);
    }

    @Test
    void a_death_at_any_step_of_an_update_leaves_it_made_or_not_at_all_once_the_root_is_opened() throws Exception {
        deaths(ServiceFaultsTest::update, true);
    }

    @Test
    void an_edit_of_the_manifest_after_a_death_is_not_lost() throws Exception {
        try (ServiceRoot root = root()) {
            Services dying = root.stepped(throwing(3, new Death()));
            assertThatThrownBy(() -> create(dying)).isInstanceOf(Death.class);
            assertThat(root.manifest()).contains("web-token");
            root.edit("name: test", "name: edited");
            assertThat(root.reopen().recovered().undone()).containsExactly("service web");
            assertThat(root.manifest()).contains("name: edited").doesNotContain("web-token", "busybox");
            assertThat(root.leases()).isEmpty();
            assertThat(root.root.resolve("services/web")).doesNotExist();
        }
    }

    @Test
    void an_edit_of_the_entry_itself_after_a_death_is_kept_and_said_until_somebody_has_decided() throws Exception {
        try (ServiceRoot root = root()) {
            Services dying = root.stepped(throwing(3, new Death()));
            assertThatThrownBy(() -> create(dying)).isInstanceOf(Death.class);
            root.edit("image: busybox", "image: mine");
            assertThat(root.reopen().recovered().failed())
                    .singleElement()
                    .asString()
                    .contains("service web", "services.web");
            assertThat(root.manifest()).contains("image: mine");
            Files.writeString(root.root.resolve("angee.yaml"), ServiceRoot.MANIFEST);
            assertThat(root.reopen().recovered().undone()).containsExactly("service web");
            assertThat(root.leases()).isEmpty();
            create(root.services());
            requireMade(root, false);
        }
    }

    @Test
    void a_service_whose_destruction_was_cut_off_is_gone_or_whole_once_the_root_is_opened() throws Exception {
        try (ServiceRoot root = prepared(true)) {
            Path record = root.root.resolve("run/services/web.json");
            String going = Files.readString(record)
                    .replace("\"pending\" : null", "\"pending\" : {\"work\":\"REMOVING\",\"secrets\":[],\"pools\":[]}");
            assertThat(going).contains("REMOVING");
            Files.writeString(record, going);
            assertThat(root.reopen().recovered().undone()).containsExactly("service web");
            assertThat(root.read("services/web/conf/a")).isEqualTo("one");
            Files.writeString(record, going);
            Files.writeString(root.root.resolve("angee.yaml"), ServiceRoot.MANIFEST);
            assertThat(root.reopen().recovered().failed()).isEmpty();
            assertThat(root.root.resolve("services/web")).doesNotExist();
            assertThat(root.leases()).isEmpty();
            assertThat(root.read(".env")).doesNotContain("WEB_TOKEN");
            assertThat(record).doesNotExist();
            assertThat(root.root.resolve("run/template-state/services/web.json"))
                    .doesNotExist();
        }
    }
}

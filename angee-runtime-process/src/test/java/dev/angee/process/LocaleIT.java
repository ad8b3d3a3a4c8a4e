package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.Backend;
import dev.angee.runtime.Health;
import dev.angee.runtime.UpOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Text arrives as it is, or is refused: in whatever locale the JVM runs, no {@code ?} is put in its place. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocaleIT extends LocalStack {
    /** Every character set by hand below has it, or none of it. */
    private static final String TEXT = "ü€";

    private static final List<String> AS_THE_LOCALE_SAYS = List.of();

    /** Brings up a service with such a variable, and says what happened. */
    static final class Starter {
        private Starter() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            Backend backend = new ProcessBackendProvider().open(project, root);
            try {
                backend.up(
                        RuntimePlan.of(
                                project,
                                root,
                                List.of(shell("a", "printf %s \"$TEXT\" >tmp; mv tmp text; exec sleep 1000")
                                        .environment(Map.of("TEXT", TEXT))
                                        .build())),
                        UpOptions.defaults());
                System.out.print("started");
            } catch (AngeeException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    private String startIn(String locale, List<String> options) throws Exception {
        ProcessBuilder jvm = jvm(Starter.class, options, root.toString());
        jvm.environment().put("LC_ALL", locale);
        assertThat(jvm.start().waitFor()).isZero();
        return Files.readString(folder.resolve("jvm.log"), StandardCharsets.ISO_8859_1);
    }

    private void assertExactOrRefused(String outcome) throws Exception {
        if (outcome.equals("started")) {
            assertThat(Files.readString(awaitFile("text"))).isEqualTo(TEXT);
            backend.down(DOWN);
        } else {
            assertThat(outcome).contains("'a'", "locale", "LC_ALL").doesNotContain("?");
            assertThat(backend.status()).isEmpty();
        }
    }

    @Test
    void what_the_locale_cannot_say_is_refused() throws Exception {
        String outcome = startIn("C", AS_THE_LOCALE_SAYS);
        assertThat(outcome).contains("locale");
        assertExactOrRefused(outcome);
    }

    @Test
    void a_character_set_that_was_set_by_hand_mangles_nothing() throws Exception {
        assertExactOrRefused(startIn("C", List.of("-Dfile.encoding=UTF-8")));
        assertExactOrRefused(startIn("C.UTF-8", List.of("-Dfile.encoding=ISO-8859-15")));
        assertThat(startIn("C.UTF-8", AS_THE_LOCALE_SAYS)).isEqualTo("started");
        assertExactOrRefused("started");
    }

    /** Supervises until the health check fails, and prints why. */
    static final class Heir {
        private Heir() {}

        /** Argument: the root. */
        public static void main(String[] arguments) {
            Path root = Path.of(arguments[0]);
            try (Backend backend = new ProcessBackendProvider().open(ProjectName.of("test", root), root)) {
                await().atMost(DEADLINE).until(() -> status(backend, "a").health() == Health.UNHEALTHY);
                System.out.print(status(backend, "a"));
            }
        }
    }

    @Test
    void a_probe_that_could_not_have_the_environment_of_its_service_fails_and_says_why() throws Exception {
        up(service("a", "sleep", "1000").environment(Map.of("TEXT", TEXT)).health(HealthIT.exec("true")));
        backend.close(); // from now on the other one tries it
        ProcessBuilder jvm = jvm(Heir.class, AS_THE_LOCALE_SAYS, root.toString());
        jvm.environment().put("LC_ALL", "C");
        assertThat(jvm.start().waitFor()).isZero();
        assertThat(Files.readString(folder.resolve("jvm.log"))).contains("UNHEALTHY", "locale", "LC_ALL=C.UTF-8");
    }
}

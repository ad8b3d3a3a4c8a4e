package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.ProjectName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComposeCommandTest {
    private static final ComposeProject PROJECT =
            new ComposeProject(new ProjectName("notes-1a2b"), Path.of("/srv/my notes"));
    private static final List<String> SERVICES = List.of("a", "b");

    @Test
    void up_acts_on_the_file_and_nothing_else() {
        assertThat(words(ComposeCommand.up(PROJECT, SERVICES)))
                .isEqualTo("compose|--env-file|/dev/null|--project-directory|/srv/my notes|-p|notes-1a2b"
                        + "|-f|/srv/my notes/docker-compose.yaml|up|-d|--no-build|--quiet-pull|a|b");
        assertThat(words(ComposeCommand.upAnew(PROJECT, SERVICES)))
                .endsWith("|up|-d|--no-build|--quiet-pull|--force-recreate|a|b");
    }

    @Test
    void run_reads_its_file_from_standard_input_and_leaves_the_container_to_us() {
        ComposeCommand run = ComposeCommand.run(PROJECT, "name: x", "migrate", "notes-1a2b-migrate-run-7");
        assertThat(words(run))
                .isEqualTo("compose|--env-file|/dev/null|--project-directory|/srv/my notes|-p|notes-1a2b|-f|-"
                        + "|run|-d|--no-deps|-T|--interactive=false|--quiet-pull"
                        + "|--name|notes-1a2b-migrate-run-7|migrate");
        assertThat(run.input()).isEqualTo("name: x");
    }

    @Test
    void start_stop_rm_and_down_work_from_labels_without_a_file() {
        assertThat(words(ComposeCommand.start(PROJECT, SERVICES)))
                .isEqualTo("compose|--env-file|/dev/null|-p|notes-1a2b|start|a|b");
        assertThat(words(ComposeCommand.stop(PROJECT, Duration.ofSeconds(3), SERVICES)))
                .isEqualTo("compose|--env-file|/dev/null|-p|notes-1a2b|stop|-t|3|a|b");
        assertThat(words(ComposeCommand.remove(PROJECT, SERVICES)))
                .isEqualTo("compose|--env-file|/dev/null|-p|notes-1a2b|rm|--stop|--force|-v|a|b");
        assertThat(words(ComposeCommand.down(PROJECT, Duration.ofSeconds(10))))
                .isEqualTo("compose|--env-file|/dev/null|-p|notes-1a2b|down|--remove-orphans|-t|10");
    }

    @Test
    void version_asks_for_the_bare_number() {
        assertThat(words(ComposeCommand.version())).isEqualTo("compose|version|--short");
    }

    @Test
    void a_grace_is_rounded_up_to_whole_seconds() {
        assertThat(words(ComposeCommand.down(PROJECT, Duration.ofMillis(1)))).endsWith("-t|1");
        assertThat(words(ComposeCommand.down(PROJECT, Duration.ZERO))).endsWith("-t|0");
    }

    private static String words(ComposeCommand command) {
        return String.join("|", command.words());
    }
}

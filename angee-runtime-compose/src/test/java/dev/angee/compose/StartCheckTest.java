package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartCheckTest {
    private final StartCheck.Looks looks = new StartCheck.Looks();

    @Test
    void no_programs_at_all_are_believed_only_if_seen_twice_in_a_row() {
        assertThat(looks.isUndecided(List.of())).isTrue();
        assertThat(looks.isUndecided(List.of("docker-init"))).isTrue();
        assertThat(looks.isUndecided(List.of())).isTrue();
        assertThat(looks.isUndecided(List.of())).isFalse();
    }

    @Test
    void a_container_is_undecided_while_only_its_init_runs_or_is_to_run() {
        assertThat(looks.isUndecided(List.of("runc:[2:INIT]"))).isTrue();
        assertThat(looks.isUndecided(List.of("docker-init", "docker-init <defunct>")))
                .isTrue();
        assertThat(looks.isUndecided(List.of("docker-init", "sh"))).isFalse();
        assertThat(looks.isUndecided(List.of("systemd")))
                .as("without an init of ours")
                .isFalse();
    }
}

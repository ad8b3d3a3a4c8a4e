package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignalTest {
    @Test
    void the_shell_that_sends_a_signal_is_given_nothing_of_this_jvms_environment_but_the_path() {
        assertThat(System.getenv().keySet()).hasSizeGreaterThan(1);
        assertThat(Signal.INT.killer(List.of("1")).environment().keySet()).isSubsetOf("PATH");
    }
}

package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.junit.jupiter.api.Test;

class ProgressBridgeTest {
    private final List<String> told = new ArrayList<>();
    private final ProgressBridge bridge = new ProgressBridge((task, percent) -> told.add(task + " " + percent));

    @Test
    void each_percent_is_told_once_and_never_more_than_a_hundred() {
        bridge.beginTask("Receiving", 200);
        for (int i = 0; i < 250; i++) {
            bridge.update(1);
        }
        assertThat(told)
                .hasSize(101)
                .doesNotHaveDuplicates()
                .startsWith("Receiving 0")
                .endsWith("Receiving 100");
    }

    @Test
    void a_task_whose_end_is_not_known_is_told_once() {
        bridge.beginTask("Counting", ProgressMonitor.UNKNOWN);
        bridge.update(1);
        bridge.update(1);
        assertThat(told).containsExactly("Counting -1");
    }

    @Test
    void an_interrupt_cancels() {
        assertThat(bridge.isCancelled()).isFalse();
        Thread.currentThread().interrupt();
        try {
            assertThat(bridge.isCancelled()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }
}

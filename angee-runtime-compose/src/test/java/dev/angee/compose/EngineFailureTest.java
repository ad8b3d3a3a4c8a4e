package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is made of an exception while the engine is asked. */
class EngineFailureTest {
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Engine engine = new Engine(
            ComposeSettings.of(Map.of()).dockerHost("unix:///no/such/socket"),
            new ComposeProject(new ProjectName("p-1"), Path.of("/")),
            workers);

    @AfterEach
    void close() {
        engine.close();
        workers.shutdownNow();
    }

    @Test
    void a_fault_of_ours_is_no_reason_to_start_the_engine() {
        for (RuntimeException fault : List.of(new NullPointerException("oops"), new IllegalStateException("oops"))) {
            AngeeException failure = engine.failure("for the time", fault);
            assertThat(failure.code()).isEqualTo(ErrorCode.FAILED);
            assertThat(failure)
                    .hasMessageContaining("for the time")
                    .hasMessageContaining("oops")
                    .hasMessageNotContaining("start it")
                    .hasCause(fault);
        }
    }

    @Test
    void what_fails_on_the_way_to_the_engine_or_back_means_that_it_is_away() {
        for (Exception fault : List.of(
                new RuntimeException(new IOException("reset")),
                new TimeoutException(),
                new IllegalStateException(new RuntimeException(new IOException("x"))))) {
            AngeeException failure = engine.failure("for the time", fault);
            assertThat(failure.code()).as(fault.toString()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("start it");
        }
    }

    @Test
    void what_is_known_already_stays_as_it_is() {
        AngeeException known = new AngeeException(ErrorCode.CONFLICT, "known");
        assertThat(engine.failure("for the time", known)).isSameAs(known);
        assertThatThrownBy(() -> engine.ask("for the time", client -> {
                    throw known;
                }))
                .isSameAs(known);
    }

    @Test
    void a_backend_that_was_closed_says_so_and_does_not_blame_the_engine() {
        engine.close();
        for (Exception fault : List.of(new IllegalStateException("pool shut down"), new IOException("closed"))) {
            AngeeException failure = engine.failure("for the time", fault);
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("was closed").hasMessageNotContaining("start it");
        }
        assertThatThrownBy(() -> ContainerExit.await(engine, "c"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("was closed");
    }

    @Test
    void the_engine_is_told_times_in_its_own_digits_wherever_the_user_is_at_home() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("fa"));
            assertThat(String.format("%d", 7)).as("what this locale does").isNotEqualTo("7");
            assertThat(EngineStreams.seconds(Instant.ofEpochSecond(1700000000, 42)))
                    .isEqualTo("1700000000.000000042");
        } finally {
            Locale.setDefault(before);
        }
    }
}

package dev.angee.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several streams as one, some of which end underneath. */
@Timeout(60)
class MergedTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void one_that_is_closed_underneath_is_not_asked_again_and_again() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Optional<String>> other = new CompletableFuture<>();
        try (Merged<String> merged = Merged.of(List.of(
                Merged.Source.of(
                        () -> {
                            asked.incrementAndGet();
                            return Optional.empty();
                        },
                        () -> {}),
                Merged.Source.of(other::get, () -> {})))) {
            await().atMost(LONG).until(() -> asked.get() > 0);
            assertThat(merged.poll(Duration.ofMillis(200))).isEmpty();
            assertThat(asked).hasValue(1);
            other.complete(Optional.of("more"));
            assertThat(merged.poll(LONG)).contains("more");
        }
    }

    @Test
    void once_all_have_failed_every_poll_says_so() throws Exception {
        Merged.Source<String> lost = Merged.Source.of(
                () -> {
                    throw new IllegalStateException("lost");
                },
                () -> {});
        for (int round = 0; round < 500; round++) { // who asks just before the last one has ended is told as well
            try (Merged<String> merged = Merged.of(List.of(lost, lost))) {
                for (int i = 0; i < 5; i++) {
                    assertThatThrownBy(() -> merged.poll(LONG)).hasMessage("lost");
                }
            }
        }
    }

    @Test
    void one_that_fails_does_not_end_the_others() throws Exception {
        CompletableFuture<Optional<String>> other = new CompletableFuture<>();
        try (Merged<String> merged = Merged.of(List.of(
                Merged.Source.of(
                        () -> {
                            throw new IllegalStateException("lost");
                        },
                        () -> {}),
                Merged.Source.of(other::get, () -> {})))) {
            assertThatThrownBy(() -> merged.poll(LONG)).hasMessage("lost");
            other.complete(Optional.of("well"));
            assertThat(merged.poll(LONG)).contains("well");
        }
    }

    @Test
    void closing_ends_a_poll_that_waits_though_all_have_ended() throws Exception {
        Merged<String> merged = Merged.of(List.of(Merged.Source.of(Optional::empty, () -> {})));
        CompletableFuture<Optional<String>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return merged.poll(Duration.ofMinutes(5));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        merged.close();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEmpty();
    }
}

package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.LogLine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineBufferTest {
    private static final int BIG = 64 * 1024;

    private final LineBuffer buffer = new LineBuffer();
    private final AtomicInteger written = new AtomicInteger();

    @Test
    void a_writer_waits_while_it_is_full_and_nothing_is_lost() throws Exception {
        CompletableFuture<Void> writer = write(100);
        awaitFull();
        assertThat(written.get()).isLessThan(20);
        for (int i = 0; i < 100; i++) {
            assertThat(buffer.next(null))
                    .map(LogLine::text)
                    .hasValueSatisfying(t -> assertThat(t).hasSize(BIG));
        }
        writer.get(10, TimeUnit.SECONDS);
        buffer.end();
        assertThat(buffer.next(null)).isEmpty();
    }

    @Test
    void closing_frees_waiting_writers_and_readers() throws Exception {
        CompletableFuture<Void> writer = write(100);
        awaitFull();
        buffer.close();
        writer.get(10, TimeUnit.SECONDS);
        assertThat(buffer.next(null)).isEmpty();
    }

    @Test
    void a_failure_comes_after_the_lines_before_it_and_frees_writers() throws Exception {
        CompletableFuture<Void> writer = write(100);
        awaitFull();
        int kept = written.get();
        buffer.fail(new AngeeException(ErrorCode.UNAVAILABLE, "gone"));
        writer.get(10, TimeUnit.SECONDS);
        for (int i = 0; i < kept; i++) {
            assertThat(buffer.next(null)).isPresent();
        }
        assertThatThrownBy(() -> buffer.next(null)).hasMessage("gone");
    }

    @Test
    void a_reader_waits_no_longer_than_it_may() throws Exception {
        assertThat(buffer.next(Deadline.after(Duration.ofMillis(20)))).isEqualTo(Optional.empty());
    }

    private void awaitFull() {
        await().atMost(Duration.ofSeconds(10))
                .during(Duration.ofMillis(200))
                .until(written::get, n -> n == written.get() && n > 1);
    }

    private CompletableFuture<Void> write(int lines) {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < lines; i++) {
                    buffer.put(new LogLine("a", "x".repeat(BIG)));
                    written.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}

package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who listens is held up, so that what happens meanwhile comes in the order that is the hardest. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FolderEventsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MORE_THAN_A_KEY_HOLDS = 600;

    @TempDir
    Path folder;

    private final Semaphore come = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private FolderEvents events;

    @BeforeEach
    void open() throws Exception {
        try {
            events = new FolderEvents(this::hear, key -> {});
        } catch (IOException e) {
            assumeThat(false).as(e.getMessage()).isTrue();
        }
        events.begin();
        events.register(folder);
    }

    @AfterEach
    void close() {
        goOn.release(1000);
        if (events != null) {
            events.close();
        }
    }

    private void hear(WatchKey key, List<WatchEvent<?>> told) {
        come.release();
        goOn.acquireUninterruptibly();
        told.forEach(event -> heard.add(String.valueOf(event.context())));
    }

    private CompletableFuture<Boolean> catchingUp() {
        return CompletableFuture.supplyAsync(() -> events.caughtUp(SOON));
    }

    @Test
    void what_happened_in_a_folder_that_was_just_looked_at_is_waited_for() throws Exception {
        Files.createFile(folder.resolve("first"));
        come.acquire();
        Files.createFile(folder.resolve("second")); // its folder is not queued again before the first is done with
        CompletableFuture<Boolean> caughtUp = catchingUp();
        assertThatThrownBy(() -> caughtUp.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        goOn.release();
        come.acquire();
        assertThatThrownBy(() -> caughtUp.get(300, TimeUnit.MILLISECONDS))
                .as("the second is not handed on yet")
                .isInstanceOf(TimeoutException.class);
        goOn.release();
        assertThat(caughtUp.get()).isTrue();
        assertThat(heard).contains("first", "second");
    }

    @Test
    void where_answers_may_be_lost_it_is_not_said_that_all_was_heard() throws Exception {
        Files.createFile(folder.resolve("first"));
        come.acquire();
        CompletableFuture<Boolean> caughtUp = catchingUp();
        for (int i = 0; i < MORE_THAN_A_KEY_HOLDS; i++) {
            assertThat(events.caughtUp(Duration.ZERO)).isFalse();
        }
        goOn.release(1000);
        assertThat(caughtUp.get()).isFalse();
        assertThat(events.caughtUp(SOON)).as("the next time").isTrue();
    }

    @Test
    void who_waits_is_not_left_waiting_when_it_is_closed() throws Exception {
        Files.createFile(folder.resolve("first"));
        come.acquire();
        CompletableFuture<Boolean> caughtUp = catchingUp();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(events::close);
        assertThat(caughtUp.get()).isFalse();
        goOn.release(1000);
        closing.get();
        assertThat(events.caughtUp(SOON)).isFalse();
    }
}

package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine is stopped, killed or frozen, is not there, or has no room, while a stack is brought up or down or runs.
 * {@code -Dfaults.rounds} says how often.
 */
@ExtendWith(RealDocker.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class EngineFaultsIT {
    private static final int ROUNDS = Integer.getInteger("faults.rounds", 1);

    private static SecondEngine engine;

    @TempDir
    private Path folder;

    private EightServices stack;

    @BeforeAll
    static void start() {
        engine = SecondEngine.with().start().load(RealDocker.IMAGE);
    }

    @AfterAll
    static void remove() {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        stack = with(RealDocker.settings().engineTimeout());
    }

    private EightServices with(Duration engineTimeout) throws IOException {
        return new EightServices(
                folder.toRealPath(),
                RealDocker.settings().dockerHost(engine.host()).engineTimeout(engineTimeout));
    }

    @AfterEach
    void close() throws InterruptedException {
        try {
            engine.pid();
        } catch (IllegalStateException e) {
            engine.start(); // the test failed while it was down
        }
        try (EightServices last = stack) {
            last.takeDown();
        }
    }

    @Test
    void an_engine_that_is_killed_or_stopped_in_up_is_told_and_the_next_up_converges() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Fault fault : Fault.values()) {
                boolean early = (round % 2 == 0) == (fault == Fault.STOPPED);
                fault.assertTold(stack.during(
                        b -> b.up(stack.plan(), UpOptions.defaults()),
                        () -> early ? stack.made() > 1 : stack.running() > 2,
                        caller -> fault.happen()));
                engine.start();
                stack.mustComeUp();
                stack.mustGo();
            }
        }
    }

    @Test
    void an_engine_that_is_killed_or_stopped_in_down_is_told_and_the_next_down_converges() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Fault fault : Fault.values()) {
                stack.mustComeUp();
                fault.assertTold(stack.during(
                        b -> b.down(EightServices.DOWN),
                        () -> stack.running() < EightServices.COUNT,
                        caller -> fault.happen()));
                engine.start();
                if (round % 2 == 1) {
                    stack.mustComeUp();
                }
                stack.mustGo();
            }
        }
    }

    @Test
    void an_engine_that_was_killed_or_stopped_in_between_shows_in_status_and_up_converges() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Fault fault : Fault.values()) {
                stack.mustComeUp();
                try (ComposeBackend backend = stack.open()) {
                    fault.happen();
                    assertUnavailable(backend::status);
                    engine.start();
                    assertThat(backend.status())
                            .extracting(WorkloadStatus::name)
                            .containsExactly("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8");
                    backend.up(stack.plan(), UpOptions.defaults());
                }
                stack.mustComeUp();
                stack.mustGo();
            }
        }
    }

    @Test
    void no_call_waits_longer_for_a_frozen_engine_than_it_says_and_after_the_thaw_all_work() throws Exception {
        stack.mustComeUp();
        Duration answer = Duration.ofSeconds(1);
        try (EightServices hasty = with(answer);
                ComposeBackend backend = hasty.open()) {
            engine.freeze();
            try {
                for (Map.Entry<String, ThrowingCallable> call :
                        calls(stack, backend).entrySet()) {
                    long begin = System.nanoTime();
                    assertThatThrownBy(call.getValue())
                            .as(call.getKey())
                            .isInstanceOfSatisfying(
                                    AngeeException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                            .hasMessageContainingAll("did not answer within 1 s", "start it anew");
                    assertThat(Duration.ofNanos(System.nanoTime() - begin))
                            .as(call.getKey())
                            .isLessThan(answer.multipliedBy(5));
                }
                assertThat(backend.describe().usable()).isFalse();
            } finally {
                engine.thaw();
            }
        }
        try (ComposeBackend backend = stack.open()) {
            assertThat(backend.status()).hasSize(EightServices.COUNT);
        }
        stack.mustComeUp();
        stack.mustGo();
    }

    @Test
    void an_engine_that_freezes_in_up_is_told_when_the_time_is_up_and_after_the_thaw_up_converges() throws Exception {
        Duration limit = Duration.ofSeconds(6);
        try (EightServices hasty = with(Duration.ofSeconds(2))) {
            assertUnavailable(hasty.during(
                    b -> b.up(stack.plan(), UpOptions.defaults().within(limit)),
                    () -> stack.made() > 1,
                    caller -> engine.freeze()));
            assertThat(stack.programs()).isEmpty();
        } finally {
            engine.thaw();
        }
        stack.mustComeUp();
        stack.mustGo();
    }

    @Test
    void an_engine_that_is_not_there_is_told_by_every_call_and_nothing_is_written() throws Exception {
        Path root = Files.createDirectory(folder.resolve("other"));
        ComposeSettings nowhere = RealDocker.settings().dockerHost("unix://" + folder.resolve("nobody.sock"));
        try (EightServices other = new EightServices(root, nowhere);
                ComposeBackend backend = other.open()) {
            for (Map.Entry<String, ThrowingCallable> call :
                    calls(other, backend).entrySet()) {
                assertUnavailable(call.getValue());
            }
            assertThat(backend.describe().usable()).isFalse();
        }
        assertThat(root.resolve(ComposeProject.FILE_NAME)).doesNotExist();
    }

    @Test
    void an_engine_without_room_is_told_and_when_there_is_room_up_converges() throws Exception {
        try (SecondEngine small = SecondEngine.with().diskOf(40).start().load(RealDocker.IMAGE);
                EightServices cramped = new EightServices(
                        Files.createDirectory(folder.toRealPath().resolve("cramped")),
                        RealDocker.settings().dockerHost(small.host()))) {
            Path filler = small.folder().resolve("data/filler");
            assertThat(Leftovers.run("dd", "if=/dev/zero", "of=" + filler, "bs=1024"))
                    .isNotZero();
            try (ComposeBackend backend = cramped.open()) {
                assertThatThrownBy(() -> backend.up(cramped.plan(), UpOptions.defaults()))
                        .isInstanceOf(AngeeException.class)
                        .hasMessageContaining("no space left on device");
            }
            Files.delete(filler);
            cramped.mustComeUp();
            cramped.mustGo();
        }
    }

    private enum Fault {
        KILLED,
        STOPPED;

        void happen() {
            if (this == KILLED) {
                engine.kill();
            } else {
                engine.stop();
            }
        }

        /** One that is being stopped still answers: a call may just succeed, or be refused. */
        void assertTold(Optional<Throwable> thrown) {
            if (this == KILLED) {
                assertUnavailable(thrown);
            } else {
                thrown.ifPresent(each -> assertThat(each)
                        .isInstanceOfSatisfying(
                                AngeeException.class,
                                e -> assertThat(e.code())
                                        .as(e.getMessage())
                                        .isIn(ErrorCode.UNAVAILABLE, ErrorCode.FAILED)));
            }
        }
    }

    private static Map<String, ThrowingCallable> calls(EightServices stack, ComposeBackend backend) {
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("status", backend::status);
        calls.put("logs", () -> backend.logs(LogQuery.all()).close());
        calls.put("events", () -> {
            try (EventStream events = backend.events()) {
                events.poll(Duration.ZERO);
            }
        });
        calls.put("up", () -> backend.up(stack.plan(), UpOptions.defaults()));
        calls.put("down", () -> backend.down(EightServices.DOWN));
        return calls;
    }

    private static void assertUnavailable(ThrowingCallable call) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(call);
        assertUnavailable(Optional.ofNullable(thrown));
    }

    private static void assertUnavailable(Optional<Throwable> thrown) {
        assertThat(thrown)
                .get()
                .isInstanceOfSatisfying(
                        AngeeException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}

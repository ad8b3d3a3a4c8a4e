package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.UpOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who brings a stack up or down is killed or interrupted in the middle: the JVM, the {@code docker} program, its plugin, the
 * thread. {@code -Dfaults.rounds} says how often. On an engine that is thrown away: one whose client dies may count a container on
 * a network for ever (seen with 20.10).
 */
@ExtendWith(RealDocker.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CrashIT {
    private static final int ROUNDS = Integer.getInteger("faults.rounds", 1);

    private static SecondEngine engine;

    @TempDir
    private Path folder;

    private Path log;
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
        log = Files.createFile(folder.resolve("victim.log"));
        stack = new EightServices(
                Files.createDirectory(folder.toRealPath().resolve("root")),
                RealDocker.settings().dockerHost(engine.host()));
    }

    @AfterEach
    void close() throws InterruptedException {
        try (EightServices last = stack) {
            last.takeDown();
        }
    }

    @Test
    void whenever_a_jvm_is_killed_in_up_the_next_one_brings_everything_up_and_takes_all_down() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Callable<Boolean>> moment : everyOther(momentsOfUp(), round)) {
                killJvm("up", moment);
                stack.mustComeUp();
                stack.mustGo();
            }
        }
    }

    @Test
    void whenever_a_jvm_is_killed_in_down_the_next_one_brings_everything_up_or_takes_all_down() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, Callable<Boolean>> moment : everyOther(momentsOfDown(), round)) {
                stack.mustComeUp(); // also after what the last kill has left
                killJvm("down", moment);
            }
        }
        stack.mustGo();
    }

    @Test
    void a_plugin_that_is_killed_is_told_and_the_next_call_converges() throws Exception {
        killing("docker-compose", "docker-compose");
    }

    @Test
    void a_docker_program_or_its_plugin_that_is_killed_is_told_and_the_next_call_converges() throws Exception {
        stack.close();
        stack = new EightServices(
                Files.createDirectory(folder.toRealPath().resolve("other")),
                RealDocker.settings().dockerHost(engine.host()).program(dockerProgram()));
        killing("docker", "docker-compose");
    }

    /** As a path: then the plugin is not called by itself. */
    private static String dockerProgram() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, "docker"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toString();
    }

    private void killing(String... programs) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < programs.length; i++) {
                String program = programs[i];
                int made = (round + i) % 2 == 0 ? 1 : EightServices.COUNT;
                Optional<Throwable> up = stack.during(
                        b -> b.up(stack.plan(), UpOptions.defaults()),
                        () -> stack.made() >= made,
                        caller -> signal(program, "-KILL"));
                assertThat(up).get().isInstanceOfSatisfying(AngeeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.FAILED);
                    assertThat(e).hasMessageContainingAll("service 's", "make the same call again");
                });
                stack.mustComeUp();
                Optional<Throwable> down = stack.during(
                        b -> b.down(EightServices.DOWN),
                        () -> stack.running() <= 6,
                        caller -> signal(program, "-KILL"));
                assertThat(down)
                        .as("what Compose has left undone, is done without it")
                        .isEmpty();
                stack.requireNothing();
            }
        }
    }

    @Test
    void a_program_whose_jvm_died_while_it_waited_does_not_go_on_once_the_waiting_is_over() throws Exception {
        stack.letGetWell(false);
        killJvm("up", Map.entry("all but the last run", () -> stack.running() == EightServices.COUNT - 1));
        stack.letGetWell(true);
        stack.mustComeUp();
        stack.mustGo();
    }

    @Test
    void an_interrupted_call_leaves_no_program_and_the_next_one_converges() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int made = round % 2 == 0 ? 1 : EightServices.COUNT;
            Optional<Throwable> up = stack.during(
                    b -> b.up(stack.plan(), UpOptions.defaults()), () -> stack.made() >= made, Thread::interrupt);
            assertThat(up).containsInstanceOf(InterruptedException.class);
            assertThat(stack.programs()).isEmpty();
            stack.mustComeUp();
            Optional<Throwable> down =
                    stack.during(b -> b.down(EightServices.DOWN), () -> stack.running() <= 6, Thread::interrupt);
            assertThat(down).containsInstanceOf(InterruptedException.class);
            assertThat(stack.programs()).isEmpty();
            stack.mustGo();
        }
    }

    @Test
    void a_program_that_hangs_is_ended_in_time_and_the_next_up_converges() throws Exception {
        Duration limit = Duration.ofSeconds(8);
        Optional<Throwable> up = stack.during(
                b -> b.up(stack.plan(), UpOptions.defaults().within(limit)),
                () -> stack.made() >= 1,
                caller -> signal("docker-compose", "-STOP"));
        assertThat(up).get().isInstanceOfSatisfying(AngeeException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.FAILED);
            assertThat(e).hasMessageContainingAll("8 s", "service 's");
        });
        assertThat(stack.programs()).isEmpty();
        stack.mustComeUp();
        stack.mustGo();
    }

    @Test
    void those_who_come_at_once_take_turns() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Process> all = new ArrayList<>();
            for (String verb : List.of("up", "up", "down")) {
                all.add(stack.victim(verb, log));
            }
            for (Process each : all) {
                assertThat(each.waitFor(100, TimeUnit.SECONDS)).isTrue();
                assertThat(each.exitValue()).as(Files.readString(log)).isZero();
            }
            assertThat(stack.networks()).hasSizeLessThan(2);
            stack.mustComeUp();
            stack.mustGo();
        }
    }

    private Map<String, Callable<Boolean>> momentsOfUp() {
        Map<String, Callable<Boolean>> moments = new LinkedHashMap<>();
        moments.put("before anything", () -> true);
        moments.put("a network", () -> !stack.networks().isEmpty());
        moments.put("one made", () -> stack.made() > 0);
        moments.put("all made", () -> stack.made() == EightServices.COUNT);
        moments.put("some run", () -> stack.running() > 2);
        return moments;
    }

    /** In one round every other one of some moments, in the next one the others. */
    private static List<Map.Entry<String, Callable<Boolean>>> everyOther(
            Map<String, Callable<Boolean>> moments, int round) {
        List<Map.Entry<String, Callable<Boolean>>> all = List.copyOf(moments.entrySet());
        return IntStream.range(0, all.size())
                .filter(i -> (i + round) % 2 == 0)
                .mapToObj(all::get)
                .toList();
    }

    private Map<String, Callable<Boolean>> momentsOfDown() {
        Map<String, Callable<Boolean>> moments = new LinkedHashMap<>();
        moments.put("before anything", () -> true);
        moments.put("one ended", () -> stack.running() < EightServices.COUNT);
        moments.put("one gone", () -> stack.made() < EightServices.COUNT);
        moments.put("some gone", () -> stack.made() < 5);
        return moments;
    }

    private void killJvm(String verb, Map.Entry<String, Callable<Boolean>> moment) throws Exception {
        Process victim = stack.victim(verb, log);
        try {
            EightServices.momentOf(() -> stack.holds(verb, victim.pid()) || !victim.isAlive());
            EightServices.momentOf(() -> moment.getValue().call() || !victim.isAlive());
            assertThat(victim.isAlive())
                    .as("killed in time, at '" + moment.getKey() + "' of " + verb + ": " + Files.readString(log))
                    .isTrue();
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private void signal(String program, String signal) {
        List<ProcessHandle> found = stack.programs(program);
        assertThat(found).hasSize(1);
        assertThat(Leftovers.run("kill", signal, String.valueOf(found.get(0).pid())))
                .isZero();
    }
}

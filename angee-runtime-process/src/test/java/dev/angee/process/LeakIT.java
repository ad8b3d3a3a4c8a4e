package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.Dependency;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.workload.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is left behind. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LeakIT extends LocalStack {

    private static Set<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("angee-"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the open file descriptors of this JVM stand for, but for jars and the like that the JVM opens once. */
    private Set<String> openFiles() throws IOException {
        Set<String> open = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        open.removeIf(name -> name.endsWith(".jar") || name.startsWith("/proc/") || name.endsWith("/modules"));
        return open;
    }

    private void liveALittle() throws Exception {
        up(service("a", "sleep", "1000").health(HealthIT.exec("true")), shell("b", "echo hello; exec sleep 1000"));
        await().atMost(DEADLINE).until(() -> status("a").health() == Health.HEALTHY);
        try (EventStream events = backend.events();
                LogStream logs = backend.logs(LogQuery.all().following())) {
            assertThat(logs.next()).isPresent();
            backend.stop(Selection.of("b"), STOP);
            assertThat(events.poll(DEADLINE)).isPresent();
        }
        backend.start(Selection.all(), StartOptions.defaults());
        backend.run(job("j", "echo", "x"), RunOptions.defaults());
        backend.down(DOWN);
    }

    @Test
    void closing_ends_all_threads_and_down_all_files() throws Exception {
        liveALittle();
        backend.close();
        assertThat(ourThreads()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void no_file_descriptor_stays_open() throws Exception {
        liveALittle();
        Set<String> before = openFiles();
        for (int i = 0; i < 3; i++) {
            liveALittle();
        }
        backend.close();
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(before).containsAll(openFiles()));
    }

    @Test
    void an_opened_backend_has_no_thread_and_writes_nothing() throws Exception {
        assertThat(backend.describe().usable()).isTrue();
        assertThat(backend.status()).isEmpty();
        backend.down(DOWN);
        assertThat(ourThreads()).isEmpty();
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void threads_end_by_themselves_when_there_is_nothing_to_watch_any_more() throws Exception {
        backend.events().close();
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(ourThreads()).isEmpty());
    }

    private static final int ROUNDS = Integer.getInteger("leak.rounds", 500);

    /** But for those of the tests themselves, and those that the JDK keeps for a minute after a process has ended. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper") && !name.startsWith("awaitility"))
                .count();
    }

    private List<String> allFiles() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    /** {@code -Dleak.rounds} says how many rounds. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void after_many_rounds_of_up_and_down_there_is_no_thread_descriptor_process_or_file_more_than_before()
            throws Exception {
        Truth truth = new Truth(project(), root);
        for (int i = 0; i < 3; i++) {
            upAndDown();
        }
        await().atMost(DEADLINE).until(() -> ourThreads().isEmpty());
        System.gc(); // what the JDK keeps for processes that have ended goes with its collector
        long threads = threads();
        Set<String> open = openFiles();
        List<String> files = allFiles();
        for (int i = 0; i < ROUNDS; i++) {
            upAndDown();
        }
        await().atMost(DEADLINE).untilAsserted(() -> {
            assertThat(ourThreads()).isEmpty();
            assertThat(threads()).isLessThanOrEqualTo(threads);
            assertThat(open).containsAll(openFiles());
        });
        assertThat(allFiles()).isEqualTo(files);
        assertThat(truth.running()).isEmpty();
        await("children of this JVM")
                .atMost(DEADLINE)
                .until(() -> ProcessHandle.current()
                        .children()
                        .noneMatch(child -> child.info().arguments().stream()
                                .flatMap(java.util.Arrays::stream)
                                .anyMatch(argument -> argument.startsWith("angee-"))));
    }

    private void upAndDown() throws InterruptedException {
        up(
                service("a", "sleep", "1000").health(HealthIT.exec("true")),
                service("b", "sleep", "1000").dependsOn(new Dependency("a", Condition.HEALTHY)));
        backend.down(DOWN);
    }
}

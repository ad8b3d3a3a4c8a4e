package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Workload;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.Usage;
import dev.angee.runtime.UsageStream;
import dev.angee.runtime.WorkloadState;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of an engine that goes away and comes back, and of many readers. */
class StreamsIT extends OneStack {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final LogQuery FOLLOW = LogQuery.all().following();

    private EngineDoor proxy;
    private ComposeBackend watcher;

    @BeforeEach
    void stepBetween() throws IOException {
        Path engine = RealDocker.settings().socket().orElseThrow();
        proxy = new EngineDoor(root().resolve("proxy.sock"), engine);
        watcher = ComposeBackend.open(project(), root(), RealDocker.settings().dockerHost(proxy.host()));
    }

    @AfterEach
    void stepAside() throws Exception {
        watcher.close();
        proxy.close();
        assertThat(proxy.awaitEnd()).isTrue();
    }

    @Test
    void an_end_while_the_engine_was_away_is_told_once_it_is_back_R44() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        try (EventStream events = watcher.events()) {
            proxy.goAway();
            assertThat(events.poll(Duration.ofMillis(300))).isEmpty();
            engine().killContainerCmd(container("a")).exec();
            soon().until(() -> status("a").state() == WorkloadState.EXITED);
            proxy.comeBack();
            assertThat(events.poll(Duration.ofSeconds(20))).contains(ended(137, false));
            assertThat(events.poll(MOMENT)).isEmpty();
        }
    }

    @Test
    void events_that_the_engine_has_forgotten_are_found_out_by_comparing_R44() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        String other = engine().createContainerCmd(RealDocker.IMAGE)
                .withLabels(java.util.Map.of(RealDocker.TEST_LABEL, "1"))
                .withCmd("sleep", "86400")
                .exec()
                .getId();
        try (EventStream events = watcher.events()) {
            proxy.goAway();
            engine().killContainerCmd(container("a")).exec();
            soon().until(() -> status("a").state() == WorkloadState.EXITED);
            engine().startContainerCmd(other).exec();
            for (int i = 0; i < 300; i++) { // it remembers 256 events
                engine().renameContainerCmd(other)
                        .withName(project() + "-noise-" + i)
                        .exec();
            }
            proxy.comeBack();
            assertThat(events.poll(Duration.ofSeconds(20))).contains(ended(137, false));
            assertThat(events.poll(MOMENT)).isEmpty();
        } finally {
            engine().removeContainerCmd(other).withForce(true).exec();
        }
    }

    @Test
    void connections_that_are_cut_lose_and_double_no_event() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        Random random = new Random(44);
        List<RuntimeEvent> seen = new ArrayList<>();
        List<RuntimeEvent> expected = new ArrayList<>();
        try (EventStream events = watcher.events()) {
            for (int i = 0; i < 8; i++) {
                engine().killContainerCmd(container("a")).exec();
                soon().until(() -> status("a").state() == WorkloadState.EXITED);
                if (random.nextBoolean()) {
                    proxy.cut();
                }
                engine().startContainerCmd(container("a")).exec();
                if (random.nextBoolean()) {
                    proxy.cut();
                }
                expected.add(ended(137, false));
                expected.add(new RuntimeEvent("a", WorkloadState.RUNNING, Health.NONE, OptionalInt.empty(), false, 0));
            }
            soon().untilAsserted(() -> {
                events.poll(Duration.ofMillis(200)).ifPresent(seen::add);
                assertThat(seen).hasSizeGreaterThanOrEqualTo(expected.size());
            });
            assertThat(events.poll(MOMENT)).as("after %s", seen).isEmpty();
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void an_engine_that_stays_away_is_lost_in_the_end_and_frees_all() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Says("hello"))), UpOptions.defaults());
        ExecutorService workers = Executors.newCachedThreadPool(r -> new Thread(r, "angee-compose short"));
        ComposeSettings settings = RealDocker.settings().dockerHost(proxy.host());
        ComposeProject project = new ComposeProject(project(), root());
        try (Engine engine = new Engine(settings, project, workers, Duration.ofMillis(700), Duration.ofSeconds(10));
                EventStream events = ServiceEvents.open(engine);
                LogStream logs = FollowedLogs.open(engine, FOLLOW)) {
            assertThat(logs.next().map(LogLine::text)).contains("hello");
            proxy.goAway();
            assertLost(() -> events.poll(Duration.ofSeconds(20)));
            assertLost(logs::next);
            assertLost(() -> ServiceEvents.open(engine));
            proxy.comeBack();
            ServiceEvents.open(engine).close();
        } finally {
            workers.shutdownNow();
            assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void many_listeners_share_one_connection_and_the_last_one_ends_it_R44() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        List<EventStream> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(watcher.events());
        }
        soon().until(() -> proxy.open("/events") == 1);
        engine().killContainerCmd(container("a")).exec();
        for (EventStream each : all) {
            assertThat(each.poll(Duration.ofSeconds(20))).contains(ended(137, false));
        }
        assertThat(proxy.requests().stream().filter(r -> r.contains("/events"))).hasSize(1);
        all.forEach(EventStream::close);
        soon().until(() -> proxy.open("/events") == 0);
    }

    @Test
    void a_container_over_its_memory_is_told_to_be_R44() throws Exception {
        backend()
                .up(
                        plan(Workload.service("a", Programs.IMAGE)
                                .command(Programs.shell("sleep 1; exec tail /dev/zero"))
                                .limits(new Limits(
                                        OptionalLong.of(32 << 20), OptionalInt.empty(), OptionalInt.empty()))),
                        UpOptions.defaults());
        List<RuntimeEvent> seen = new ArrayList<>();
        try (EventStream events = watcher.events()) {
            soon().until(() -> {
                events.poll(MOMENT).ifPresent(seen::add);
                return seen.stream().anyMatch(e -> e.state() == WorkloadState.EXITED);
            });
        }
        assertThat(seen).last().isEqualTo(ended(137, true));
        assertThat(seen).first().satisfies(e -> assertThat(e.outOfMemory()).isTrue());
    }

    @Test
    void a_restart_is_told_with_its_number_R44() throws Exception {
        Lifecycle standard = Lifecycle.standard();
        Lifecycle always = new Lifecycle(
                RestartPolicy.parse("always").orElseThrow(),
                standard.replicas(),
                standard.successExitCodes(),
                standard.stopSignal(),
                standard.stopGrace(),
                standard.onOwnerExit(),
                standard.timeout(),
                standard.profiles(),
                standard.runOn(),
                standard.logs());
        try (EventStream events = watcher.events()) {
            backend()
                    .up(plan(Programs.service("a", new Program.Exits("x", 3)).lifecycle(always)), UpOptions.defaults());
            List<RuntimeEvent> seen = new ArrayList<>();
            soon().until(() -> {
                events.poll(MOMENT).ifPresent(seen::add);
                return seen.stream().anyMatch(e -> e.state() == WorkloadState.RUNNING && e.restarts() > 0);
            });
            assertThat(seen)
                    .as("%s", seen)
                    .filteredOn(e -> e.state() == WorkloadState.RESTARTING)
                    .isNotEmpty()
                    .allSatisfy(e -> assertThat(e.exitCode()).hasValue(3));
        }
    }

    @Test
    void a_followed_log_loses_and_doubles_no_line_however_it_is_cut_R45() throws Exception {
        Path go = root().resolve("go");
        up("while ! test -f /flags/go; do sleep 0.1; done;"
                + " i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo o$i; echo e$i >&2; done; sleep 1; echo done");
        List<String> lines = new ArrayList<>();
        try (LogStream logs = watcher.logs(FOLLOW)) {
            CompletableFuture<Void> cuts = cutWhile(go);
            String last = "";
            while (!last.equals("done")) {
                last = logs.next().orElseThrow().text();
                lines.add(last);
            }
            cuts.cancel(true);
        }
        assertThat(lines.stream().filter(l -> l.startsWith("o"))).isEqualTo(numbered("o", 3000));
        assertThat(lines.stream().filter(l -> l.startsWith("e"))).isEqualTo(numbered("e", 3000));
    }

    @Test
    void a_line_of_two_mebibytes_survives_cuts_whole_R19() throws Exception {
        Path go = root().resolve("go");
        up("while ! test -f /flags/go; do sleep 0.1; done; head -c 2097152 /dev/zero | tr '\\0' x; echo; echo end");
        try (LogStream logs = watcher.logs(FOLLOW)) {
            CompletableFuture<Void> cuts = cutWhile(go);
            int length = 0;
            String line = logs.next().orElseThrow().text();
            while (!line.equals("end")) {
                assertThat(line).matches("x*");
                length += line.length();
                line = logs.next().orElseThrow().text();
            }
            cuts.cancel(true);
            assertThat(length).isEqualTo(2097152);
        }
    }

    @Test
    void fifty_followers_share_one_connection_a_container_also_late_and_slow_ones_R45() throws Exception {
        Path go = root().resolve("go");
        up("i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo l$i; done;"
                + " while ! test -f /flags/go; do sleep 0.1; done;"
                + " while [ $i -lt 20000 ]; do i=$((i+1)); echo l$i; done; echo done");
        soon().until(() -> lines(backend().logs(LogQuery.all().tail(1))), List.of("l500")::equals);
        List<LogStream> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(watcher.logs(FOLLOW.tail(i)));
        }
        soon().until(() -> proxy.open("/logs") == 1);
        assertThat(threads()).hasSizeLessThan(15); // not one a follower
        Files.createFile(go);
        LogStream quick = all.get(49);
        assertThat(toDone(quick)).isEqualTo(numbered("l", 452, 20000)); // the others have not read a line yet
        assertThat(proxy.open("/logs")).isEqualTo(1);
        try (LogStream late = watcher.logs(FOLLOW.tail(3))) {
            assertThat(toDone(late)).containsExactly("l19999", "l20000");
        }
        for (int i : new int[] {0, 7}) {
            assertThat(toDone(all.get(i))).isEqualTo(numbered("l", 501 - i, 20000));
        }
        all.forEach(LogStream::close);
        soon().until(() -> proxy.open("/") == 0 || proxy.open("/logs") + proxy.open("/events") == 0);
    }

    @Test
    void one_who_joins_while_much_is_written_misses_and_doubles_nothing_R45() throws Exception {
        up("i=0; while ! test -f /flags/stop; do i=$((i+1)); echo l$i;"
                + " test $((i % 200)) != 0 || sleep 0.02; done; echo done");
        try (LogStream keeper = watcher.logs(FOLLOW)) {
            assertThat(keeper.next().map(LogLine::text)).contains("l1");
            for (int tail : new int[] {0, 1, 10, 100, 0, 1, 10, -1}) {
                try (LogStream joined = watcher.logs(FOLLOW.tail(tail))) {
                    List<String> some = new ArrayList<>();
                    for (int i = 0; i < 1500; i++) {
                        some.add(joined.next().orElseThrow().text());
                    }
                    int first = Integer.parseInt(some.get(0).substring(1));
                    assertThat(some).isEqualTo(numbered("l", first, first + 1499));
                }
            }
            Files.createFile(root().resolve("stop"));
            List<String> rest = toDone(keeper);
            assertThat(rest).isEqualTo(numbered("l", 2, rest.size() + 1));
        }
    }

    @Test
    void a_service_that_is_brought_up_while_the_engine_was_out_of_sight_is_followed() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Says("first"))), UpOptions.defaults());
        try (LogStream logs = watcher.logs(FOLLOW)) {
            assertThat(logs.next().map(LogLine::text)).contains("first");
            proxy.goAway();
            backend().up(plan(Programs.service("a", new Program.Says("second"))), UpOptions.defaults());
            proxy.comeBack();
            assertThat(logs.next().map(LogLine::text)).contains("second");
        }
    }

    @Test
    void an_interrupted_reader_can_go_on() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Ticks())), UpOptions.defaults());
        try (LogStream logs = watcher.logs(FOLLOW);
                EventStream events = watcher.events()) {
            int expected = 1;
            for (int i = 0; i < 20; i++) {
                if (i % 3 == 0) {
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> {
                                while (true) {
                                    logs.next();
                                    if (Thread.currentThread().isInterrupted()) {
                                        events.poll(MOMENT);
                                    }
                                }
                            })
                            .isInstanceOf(InterruptedException.class);
                    expected = -1;
                }
                String line = logs.next().orElseThrow().text();
                int tick = Integer.parseInt(line.substring("tick ".length()));
                assertThat(expected < 0 || tick == expected).isTrue();
                expected = tick + 1;
            }
        }
    }

    @Test
    void a_hundred_openings_leave_no_thread_and_no_descriptor_also_while_the_engine_is_away() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Ticks())), UpOptions.defaults());
        openAndClose(5);
        soon().until(() -> proxy.open("/events") + proxy.open("/logs") == 0);
        long before = descriptors();
        openAndClose(100);
        LogStream logs = watcher.logs(FOLLOW);
        EventStream events = watcher.events();
        proxy.goAway();
        events.poll(Duration.ofMillis(300));
        logs.close();
        events.close();
        soon().until(() -> Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .noneMatch(f -> f.getClassName().equals(Outage.class.getName())
                        || f.getClassName().equals(EngineResponse.class.getName())));
        proxy.comeBack();
        watcher.status();
        soon().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 2)); // pooled ones
    }

    @Test
    void closing_the_backend_ends_every_reader_at_once() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        EventStream events = watcher.events();
        LogStream logs = watcher.logs(FOLLOW);
        UsageStream usage = watcher.usage(Selection.all());
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            assertLost(logs::next);
            assertLost(() -> events.poll(Duration.ofMinutes(1)));
            assertLost(() -> {
                while (usage.poll(Duration.ofMinutes(1)).isPresent()) {
                    Thread.onSpinWait(); // what had come by then
                }
            });
            return true;
        });
        watcher.close();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        soon().until(() -> proxy.open("/events") + proxy.open("/logs") == 0);
    }

    @Test
    void what_a_service_uses_is_measured_again_once_the_engine_is_back_R44() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        try (UsageStream usage = watcher.usage(Selection.all())) {
            Usage before = usage.poll(Duration.ofSeconds(20)).orElseThrow();
            proxy.goAway();
            soon().until(() -> usage.poll(Duration.ofSeconds(3)).isEmpty());
            proxy.comeBack();
            Usage after = usage.poll(Duration.ofSeconds(20)).orElseThrow();
            assertThat(after.instance()).isEqualTo(before.instance());
        }
        soon().until(() -> proxy.open("/events") + proxy.open("/stats") == 0);
    }

    private void openAndClose(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            try (EventStream events = watcher.events();
                    LogStream logs = watcher.logs(i % 2 == 0 ? FOLLOW : FOLLOW.tail(i % 7))) {
                assertThat(logs.next()).isPresent();
                assertThat(events.poll(Duration.ZERO)).isEmpty();
            }
        }
    }

    /** A service that runs a script, with the root at /flags. */
    private void up(String script) throws InterruptedException {
        backend()
                .up(
                        plan(Workload.service("a", Programs.IMAGE)
                                .command(Programs.shell(script + "; exec sleep 86400"))
                                .mount(new dev.angee.plan.PlannedMount.Bind(root(), "/flags", true))),
                        UpOptions.defaults());
    }

    private CompletableFuture<Void> cutWhile(Path go) throws IOException {
        Files.createFile(go);
        CompletableFuture<Void> until = new CompletableFuture<>();
        Random random = new Random(45);
        Thread cutter = new Thread(() -> {
            while (!until.isDone()) {
                proxy.cut();
                try {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(120));
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        cutter.setDaemon(true);
        cutter.start();
        return until;
    }

    private static List<String> toDone(LogStream logs) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Optional<LogLine> line = logs.next(); !line.orElseThrow().text().equals("done"); line = logs.next()) {
            lines.add(line.get().text());
        }
        return lines;
    }

    private static List<String> numbered(String prefix, int last) {
        return numbered(prefix, 1, last);
    }

    private static List<String> numbered(String prefix, int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> prefix + i).toList();
    }

    private static RuntimeEvent ended(int code, boolean outOfMemory) {
        return new RuntimeEvent("a", WorkloadState.EXITED, Health.NONE, OptionalInt.of(code), outOfMemory, 0);
    }

    private static void assertLost(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(n -> n.startsWith("angee-compose") || n.startsWith("docker-java"))
                .toList();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}

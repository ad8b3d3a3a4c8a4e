package dev.angee.benchmarks;

import dev.angee.benchmarks.ContainerLoad.Kind;
import dev.angee.runtime.Backend;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Containers beside {@code docker compose}, on the same engine and in the same run, in turn: bringing up 1, 10 and 40, again
 * with nothing to do, their status, the ends of their logs, events, and what many askers and followers cost.
 *
 * <p>What makes it fair, and where it is not: both bring up the very same file, under the same name, from nothing; what is
 * between, the taking down, is not timed. Ours is called in a JVM that is there, and has everything checked before and after
 * that Compose does not: the manifest, the engine, whether each program could be executed. {@code docker compose} is a
 * process each time, as its users run it. Nothing is said of an engine that is on another machine.
 *
 * <p>The arguments are the number of pairs, and what to measure of {@code up1 up10 up40 status1 status10 status40 logs events
 * crowd followers}; all if nothing is named. A number after a colon is of that one: {@code 20 up1 up40:5}.
 */
public final class Containers {
    private static final String COMPOSE_UP = "docker compose up -d";
    private static final int CROWD = 100;
    private static final int FOLLOWERS = 50;
    private static final int TAIL = 100;
    private static final int MAY_TAKE = 120_000;

    private final Path base;
    private int made;

    private Containers(Path base) {
        this.base = base;
    }

    /** Runs everything; with 20 pairs about half an hour. */
    public static void main(String[] args) throws Exception {
        String times = args.length > 0 ? args[0] : "20";
        List<String> wanted = args.length > 1
                ? List.of(args).subList(1, args.length)
                : List.of(
                        "up1",
                        "up10",
                        "up40",
                        "status1",
                        "status10",
                        "status40",
                        "logs",
                        "events",
                        "crowd",
                        "followers");
        Path base = Files.createTempDirectory("angee-containers").toRealPath();
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(main, base)));
        Containers containers = new Containers(base);
        for (String each : wanted) {
            String[] parts = each.split(":", 2);
            System.out.println("\n" + each + ", load "
                    + Files.readString(Path.of("/proc/loadavg")).strip());
            containers.measure(parts[0], Integer.parseInt(parts.length > 1 ? parts[1] : times));
        }
    }

    /** Interrupted, everyone removes what is theirs; only a stack knows what its containers are called. */
    private static void endEarly(Thread main, Path base) {
        try {
            main.interrupt();
            main.join(MAY_TAKE);
            Rounds.clear(base);
        } catch (IOException | InterruptedException e) {
            System.err.println("left behind: " + base + ": " + e);
        }
    }

    private void measure(String what, int times) throws Exception {
        switch (what) {
            case "up1" -> up(1, times);
            case "up10" -> up(10, times);
            case "up40" -> up(40, times);
            case "status1" -> status(1, times);
            case "status10" -> status(10, times);
            case "status40" -> status(40, times);
            case "logs" -> logs(times);
            case "events" ->
                with(new ContainerLoad(Kind.PLAIN, 1), stack -> {
                    try (ContainerEvents events = new ContainerEvents(stack)) {
                        events.measure(times);
                    }
                });
            case "crowd" ->
                with(new ContainerLoad(Kind.PLAIN, 10), stack -> new ContainerCrowds(stack, CROWD).status(times));
            case "followers" ->
                with(new ContainerLoad(Kind.BUSY, 1), stack -> new ContainerCrowds(stack, FOLLOWERS).follow());
            default -> throw new IllegalArgumentException("nothing is known of " + what);
        }
    }

    private interface Look {
        void at(ContainerStack stack) throws Exception;
    }

    /** Looks at a stack that is up; whatever comes of it, nothing is left. */
    private void with(ContainerLoad load, Look look) throws Exception {
        try (ContainerStack stack = new ContainerStack(load, base.resolve(Integer.toString(made++)))) {
            stack.up();
            look.at(stack);
        }
    }

    private void up(int many, int pairs) throws Exception {
        with(new ContainerLoad(Kind.PLAIN, many), stack -> {
            Pairs again = new Pairs("up of " + many + " that are up, ms, " + pairs + " pairs", COMPOSE_UP);
            again.measure(pairs, () -> Pairs.millis(stack::up), () -> Pairs.millis(stack::plainUp));
            again.print();
            stack.down();
            stack.times().clear();
            Pairs cold = new Pairs("up of " + many + ", ms, " + pairs + " pairs", COMPOSE_UP);
            cold.measure(pairs, () -> upAndDown(stack, stack::up), () -> {
                stack.placeFile();
                return upAndDown(stack, stack::plainUp);
            });
            cold.print();
            stack.times().print(pairs + 1);
        });
    }

    private static double upAndDown(ContainerStack stack, Rounds.Action up) throws Exception {
        double time = Pairs.millis(up);
        stack.down();
        return time;
    }

    private void status(int many, int pairs) throws Exception {
        with(new ContainerLoad(Kind.PLAIN, many), stack -> {
            Series first = new Series();
            for (int i = 0; i < Math.max(1, pairs / 4); i++) {
                try (Backend backend = stack.open()) {
                    first.add(Pairs.millis(() -> check(many, backend.status().size())));
                }
            }
            Pairs asked = new Pairs("Backend.status() of " + many + ", ms, " + pairs + " pairs", "docker compose ps");
            Pairs whole = new Pairs("Stack.status() of " + many + ", ms, " + pairs + " pairs", "docker compose ps");
            Pairs.Timed ps = () -> Pairs.millis(
                    () -> check(many, stack.ask("ps", "-a", "--format", "json").size()));
            try (Backend backend = stack.open()) {
                warm(() -> check(many, backend.status().size()));
                asked.measure(
                        pairs,
                        () -> Pairs.millis(() -> check(many, backend.status().size())),
                        ps);
            }
            warm(() -> check(many, stack.stack().status().services().size()));
            whole.measure(
                    pairs,
                    () -> Pairs.millis(
                            () -> check(many, stack.stack().status().services().size())),
                    ps);
            asked.print();
            whole.print();
            Rounds.print("the first answer of a backend, ms", new LinkedHashMap<>(Map.of("ours", first)));
        });
    }

    /** Until the compiler has seen enough of it. */
    private static void warm(Rounds.Action action) throws Exception {
        Rounds.timed(0, 50, action);
    }

    private void logs(int pairs) throws Exception {
        with(new ContainerLoad(Kind.WRITTEN, 10), stack -> {
            Rounds.pause(1000); // until they have written
            List<String> names =
                    IntStream.range(0, 10).mapToObj(stack.load()::name).toList();
            try (Backend backend = stack.open()) {
                for (List<String> which : List.of(names.subList(0, 1), names)) {
                    LogQuery query = LogQuery.all().only(Selection.of(which)).tail(TAIL);
                    String[] words = Stream.concat(
                                    Stream.of("logs", "--tail", Integer.toString(TAIL), "--no-color"), which.stream())
                            .toArray(String[]::new);
                    int lines = TAIL * which.size();
                    warm(() -> check(lines, read(backend.logs(query))));
                    Pairs read = new Pairs(
                            "the last " + TAIL + " lines of " + which.size() + ", ms, " + pairs + " pairs",
                            "docker compose logs");
                    read.measure(
                            pairs,
                            () -> Pairs.millis(() -> check(lines, read(backend.logs(query)))),
                            () -> Pairs.millis(
                                    () -> check(lines, stack.ask(words).size())));
                    read.print();
                }
            }
        });
    }

    private static int read(LogStream logs) throws InterruptedException {
        int lines = 0;
        try (logs) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines++;
            }
        }
        return lines;
    }

    private static void check(int expected, int found) {
        if (found != expected) {
            throw new IllegalStateException(found + " in place of " + expected);
        }
    }
}

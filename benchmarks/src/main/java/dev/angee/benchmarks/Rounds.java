package dev.angee.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures contenders in turn, in another order each round, each time from an empty folder; what is left of one is ended
 * before the next.
 */
final class Rounds {
    private final Path base;
    private final Map<String, Contender.Maker> contenders = new LinkedHashMap<>();
    private int made;

    Rounds(Path base) {
        this.base = base;
    }

    /** Adds one; those that the others are compared with come first. */
    Rounds with(String name, Contender.Maker maker) {
        contenders.put(name, maker);
        return this;
    }

    /** What is to be measured of one that runs. */
    interface Look {
        void at(ProcessLoad load, Contender contender) throws Exception;
    }

    /** Brings each up so many times, and down again, and prints how long that took; the first round does not count. */
    void upAndDown(ProcessLoad.Kind kind, int many, int rounds) throws Exception {
        Map<String, Series> up = new LinkedHashMap<>();
        Map<String, Series> down = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(contenders.keySet());
        for (String name : contenders.keySet()) {
            series(up, name);
            series(down, name);
        }
        for (int round = 0; round <= rounds; round++) {
            Collections.rotate(names, 1);
            for (String name : names) {
                double[] times = once(name, kind, many);
                if (round > 0) {
                    series(up, name).add(times[0]);
                    series(down, name).add(times[1]);
                }
            }
        }
        print(kind + " " + many + ", until they run, ms, " + rounds + " rounds", up);
        print(kind + " " + many + ", until they are gone, ms, " + rounds + " rounds", down);
    }

    private double[] once(String name, ProcessLoad.Kind kind, int many) throws Exception {
        double[] times = new double[2];
        one(name, kind, many, (load, contender) -> {
            long begin = System.nanoTime();
            CompletableFuture<Long> running = CompletableFuture.supplyAsync(() -> timeOfAll(load));
            contender.start();
            times[0] = (running.get() - begin) / 1e6;
            begin = System.nanoTime();
            contender.stop();
            times[1] = (System.nanoTime() - begin) / 1e6;
        });
        return times;
    }

    private static long timeOfAll(ProcessLoad load) {
        try {
            load.awaitAll();
            return System.nanoTime();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Prepares one, and looks at it; whatever comes of it, nothing is left. */
    void one(String name, ProcessLoad.Kind kind, int many, Look look) throws Exception {
        one(Objects.requireNonNull(contenders.get(name), name), kind, many, look);
    }

    /** The same for one that takes no part in the rounds. */
    void one(Contender.Maker maker, ProcessLoad.Kind kind, int many, Look look) throws Exception {
        ProcessLoad load = new ProcessLoad(kind, many, base.resolve(Integer.toString(made++)));
        Files.createDirectories(load.up());
        try (Contender contender = maker.make(load)) {
            contender.prepare();
            look.at(load, contender);
        } finally {
            clear(load.folder());
        }
    }

    /** Ends and deletes all that belongs to a folder. */
    static void clear(Path folder) throws IOException, InterruptedException {
        Procs.kill(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Prints a table; each is also given as a part or multiple of those that were added first. */
    static void print(String title, Map<String, Series> series) {
        List<Map.Entry<String, Series>> rows = List.copyOf(series.entrySet());
        List<Map.Entry<String, Series>> others =
                rows.stream().filter(row -> !row.getKey().startsWith("ours")).toList();
        System.out.print("\n| " + title + " | median | quartiles | least to most |");
        others.forEach(other -> System.out.print(" ÷ " + other.getKey() + " |"));
        System.out.print("\n|---|---|---|---|" + "---|".repeat(others.size()) + "\n");
        for (Map.Entry<String, Series> row : rows) {
            System.out.print("| " + row.getKey() + " | " + row.getValue().text() + " |");
            for (Map.Entry<String, Series> other : others) {
                double ratio = row.getValue().median() / other.getValue().median();
                System.out.printf(Locale.ROOT, " %.2f |", ratio);
            }
            System.out.println();
        }
        System.out.flush();
    }

    /** Times an action often, in milliseconds, after it was done a few times. */
    static Series timed(int warmUp, int times, Action action) throws Exception {
        Series series = new Series();
        for (int i = 0; i < warmUp + times; i++) {
            long begin = System.nanoTime();
            action.run();
            if (i >= warmUp) {
                series.add((System.nanoTime() - begin) / 1e6);
            }
        }
        return series;
    }

    /** The series of that name, a new one if there is none. */
    static Series series(Map<String, Series> all, String name) {
        return all.computeIfAbsent(name, each -> new Series());
    }

    /** What is timed. */
    interface Action {
        void run() throws Exception;
    }

    static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}

package dev.angee.benchmarks;

import dev.angee.process.BoundedLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How fast a process can write its log: into its own file, bounded as the product does it, or not at all; through a relay of its own that
 * begins a new file every 10 MiB and keeps five; and through a pipe that this JVM reads and writes to a file. Interleaved;
 * prints what was written a second, and what of the machine's time that took besides the writer's own. The argument is the
 * folder for the logs, a temporary one if there is none.
 */
public final class LogPaths {
    private static final int ROUNDS = 25;
    private static final int WARM_UP = 3;
    private static final int LENGTH = 120;
    private static final long MILLIS = 500;
    private static final long LOOK_EVERY = 250;
    private static final int PIECE = 64 * 1024;

    /** {@code head} reads no more than it passes on, and reads large pieces. */
    private static final String RELAY = """
            i=0
            while head -c 10485760 >"$1.$i" && [ -s "$1.$i" ]; do
                i=$((i + 1))
                [ $i -lt 5 ] || rm -f "$1.$((i - 5))"
            done
            """;

    private final Path folder;

    private LogPaths(Path folder) {
        this.folder = folder;
    }

    /** What one run came to. */
    private record Result(double bytesASecond, double ticks) {}

    private interface Look {
        void run() throws InterruptedException;
    }

    private interface Way {
        Result run() throws Exception;
    }

    /** Runs everything; takes about two minutes. */
    public static void main(String[] args) throws Exception {
        Path folder = args.length == 0
                ? Files.createTempDirectory("angee-logs")
                : Files.createTempDirectory(Path.of(args[0]), "angee-logs");
        LogPaths paths = new LogPaths(folder);
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("its own file, bounded", () -> paths.file(new BoundedLog(folder.resolve("log"))::enforce));
        ways.put("its own file, unbounded", () -> paths.file(() -> {}));
        ways.put("a relay of its own", paths::relay);
        ways.put("a pipe to the JVM", paths::pipe);
        Map<String, List<Result>> results = new LinkedHashMap<>();
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                Result result = way.getValue().run();
                paths.clear();
                if (i >= 0) {
                    results.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(result);
                }
            }
        }
        Files.delete(folder);
        System.out.printf(Locale.ROOT, "%s, %d interleaved rounds of %d ms each%n", folder.getParent(), ROUNDS, MILLIS);
        results.forEach(LogPaths::print);
    }

    private static void print(String way, List<Result> results) {
        List<Double> rates = results.stream().map(Result::bytesASecond).sorted().toList();
        List<Double> ticks = results.stream().map(Result::ticks).sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-24s median %7.0f MB/s (%.0f to %.0f), besides the writer %4.0f ms of CPU a second (%.0f to %.0f)%n",
                way,
                rates.get(rates.size() / 2) / 1e6,
                Collections.min(rates) / 1e6,
                Collections.max(rates) / 1e6,
                10 * ticks.get(ticks.size() / 2),
                10 * Collections.min(ticks),
                10 * Collections.max(ticks));
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static ProcessBuilder writer() {
        return new ProcessBuilder("yes", "x".repeat(LENGTH - 1)).redirectError(Redirect.DISCARD);
    }

    private Result file(Look look) throws Exception {
        Path log = folder.resolve("log");
        long begun = ticks("self");
        long begin = System.nanoTime();
        Process writer =
                writer().redirectOutput(Redirect.appendTo(log.toFile())).start();
        for (long left = MILLIS; left > 0; left -= LOOK_EVERY) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY);
            look.run();
        }
        long written = Files.size(log);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long all = ticks("self") - begun; // of its children those that have been waited for: not the writer
        end(writer);
        return new Result(written / seconds, all / seconds);
    }

    private Result relay() throws Exception {
        Path log = folder.resolve("log");
        long begin = System.nanoTime();
        List<Process> line = ProcessBuilder.startPipeline(
                List.of(writer(), new ProcessBuilder("sh", "-c", RELAY, "sh", log.toString())));
        Process writer = line.get(0);
        Process relay = line.get(1);
        TimeUnit.MILLISECONDS.sleep(MILLIS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long ticks = ticks(Long.toString(relay.pid()));
        end(writer);
        relay.waitFor();
        long last;
        long bytes;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> kept = files.toList();
            last = kept.stream()
                    .map(file -> file.getFileName().toString())
                    .mapToLong(name -> Long.parseLong(name.substring(name.lastIndexOf('.') + 1)))
                    .max()
                    .orElseThrow();
            bytes = last * 10 * 1024 * 1024 + Files.size(folder.resolve("log." + last));
        }
        return new Result(bytes / seconds, ticks / seconds);
    }

    private Result pipe() throws Exception {
        Path log = folder.resolve("log");
        long begun = ticks("self");
        long begin = System.nanoTime();
        Process writer = writer().start();
        long[] written = new long[1];
        Thread reader = new Thread(() -> {
            try (InputStream in = writer.getInputStream();
                    OutputStream out = Files.newOutputStream(log)) {
                byte[] piece = new byte[PIECE];
                for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                    out.write(piece, 0, read);
                    written[0] += read;
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        TimeUnit.MILLISECONDS.sleep(MILLIS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long ticks = ticks("self") - begun;
        end(writer);
        reader.join();
        return new Result(written[0] / seconds, ticks / seconds);
    }

    private static void end(Process writer) throws InterruptedException {
        writer.toHandle()
                .destroyForcibly(); // by the process itself our end of the pipe would be closed under its reader
        writer.waitFor();
    }

    /** Hundredths of a second a process has used, and those of its children that it has waited for. */
    private static long ticks(String process) throws IOException {
        String stat = Files.readString(Path.of("/proc", process, "stat"));
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return fields.subList(11, 15).stream().mapToLong(Long::parseLong).sum();
    }
}

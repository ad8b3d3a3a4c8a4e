package dev.angee.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What {@code /proc} says of the processes that have to do with a folder. */
final class Procs {
    private static final Path PROC = Path.of("/proc");
    private static final long DEADLINE_SECONDS = 60;

    private Procs() {}

    /** All but this JVM that run in a folder, or name it on their command line. */
    static List<ProcessHandle> of(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> isOf(process.pid(), folder))
                .toList();
    }

    private static boolean isOf(long pid, Path folder) {
        Path place = PROC.resolve(Long.toString(pid));
        try {
            return Files.readSymbolicLink(place.resolve("cwd")).startsWith(folder)
                    || Files.readString(place.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                            .contains(folder.toString());
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** Those of a folder that are not the load itself. */
    static List<ProcessHandle> supervising(ProcessLoad load) {
        return of(load.folder()).stream()
                .filter(process ->
                        !load.program().equals(read(process.pid(), "comm").strip()))
                .toList();
    }

    /** Kills them all. */
    static void kill(Path folder) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        for (List<ProcessHandle> left = of(folder); !left.isEmpty(); left = of(folder)) {
            left.forEach(ProcessHandle::destroyForcibly);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("cannot kill " + left);
            }
            Thread.sleep(10);
        }
    }

    /** Waits until none of them is alive. */
    static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (processes.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("they do not end: " + processes);
            }
            Thread.sleep(2);
        }
    }

    /** The proportional share of memory, in kilobytes: what several map is divided among them. */
    static long memory(List<ProcessHandle> processes) {
        return processes.stream().mapToLong(process -> memory(process.pid())).sum();
    }

    private static long memory(long pid) {
        return read(pid, "smaps_rollup")
                .lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** The processor's time that they and the children they have waited for have taken, in hundredths of a second. */
    static long ticks(List<ProcessHandle> processes) {
        return processes.stream().mapToLong(process -> ticks(process.pid())).sum();
    }

    private static long ticks(long pid) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /** How much a process has written so far, to whatever. */
    static long written(long pid) {
        return read(pid, "io")
                .lines()
                .filter(line -> line.startsWith("wchar:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** What a process is called; what it was called, if it has ended. */
    static boolean isCalled(ProcessHandle process, String name) {
        return read(process.pid(), "comm").strip().equals(name);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(PROC.resolve(Long.toString(pid)).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** A command in a folder; what it says goes to a file there. */
    static ProcessBuilder command(Path folder, List<String> words) {
        return new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("out").toFile()));
    }

    /** Runs a command to its end. */
    static void run(Path folder, String... words) throws Exception {
        Process process = command(folder, List.of(words)).start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", words) + " ended with " + process.exitValue() + "; "
                    + Files.readString(folder.resolve("out")));
        }
    }

    /** Sends a signal. */
    static void signal(Path folder, String signal, Process process) throws Exception {
        run(folder, "kill", "-s", signal, Long.toString(process.pid()));
    }

    /** A program of Debian that has to be installed. */
    static Optional<Path> installed(String program) {
        return List.of("/usr/bin", "/usr/sbin", "/sbin", "/bin").stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

package dev.angee.benchmarks;

import dev.angee.benchmarks.ProcessLoad.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Local processes beside Debian's {@code supervisor} and {@code runit}, on the same machine and in the same run, in turn:
 * the time until 1, 50 and 200 run, until a chain of 50 is up in which each waits for the one before to be healthy, and
 * until they are gone; what 200 cost in memory; what a process can write to its log; and a call for the status of 200.
 *
 * <p>What makes it fair, and where it is not: all run the same program under a shell, each in a log of its own that is
 * bounded by 50 MB. All are timed from the call or command that starts them until every process has made its file. Neither
 * of the others knows dependencies on health; there the program waits itself, and looks every 100 ms, as often as our
 * checks do. Ours writes a record of each process durably to the disk, which the others do not. The shell command
 * {@code supervisorctl} and the socket it talks to are both measured. To end all, {@code supervisorctl stop all} is run,
 * and {@code supervisord} then told by its signal, unless it was there before; the signal alone takes it a turn of its loop
 * for each program. {@code runsvdir} is told by its signal, our JVM on its input. Each is timed until all are gone, and so
 * is the supervisor that was started for them.
 *
 * <p>The arguments are the number of rounds, of which 200 processes and the chain take half, and what to measure of
 * {@code up1 up50 up200 chain memory logs status}; all if nothing is named.
 */
public final class Processes {
    private static final String EMBEDDED = "ours, in a JVM that is there";
    private static final String OWN = "ours, with its JVM";
    private static final String SUPERVISORD = "supervisord";
    private static final String UPDATED = "supervisorctl update";
    private static final String RUNIT = "runsvdir";
    private static final int MANY = 200;
    private static final long SETTLE = 2000;
    private static final long WRITING = 3000;

    private final Rounds rounds;
    private final int times;

    private Processes(Path base, int times) {
        this.times = times;
        this.rounds = new Rounds(base)
                .with(SUPERVISORD, load -> new Supervisord(load, Supervisord.Beginning.COLD))
                .with(UPDATED, load -> new Supervisord(load, Supervisord.Beginning.WARM))
                .with(RUNIT, Runit::new)
                .with(EMBEDDED, EmbeddedAngee::new)
                .with(OWN, OwnAngee::cold);
    }

    /** Runs everything; with 20 rounds about three quarters of an hour. */
    public static void main(String[] args) throws Exception {
        for (String program : List.of("supervisord", "runsvdir")) {
            if (Procs.installed(program).isEmpty()) {
                throw new IllegalStateException(program + " is missing; see .ci/supervisors.sh");
            }
        }
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 20;
        List<String> wanted = args.length > 1
                ? List.of(args).subList(1, args.length)
                : List.of("up1", "up50", "up200", "chain", "memory", "logs", "status");
        Path base = Files.createTempDirectory("angee-processes").toRealPath();
        Thread cleaning = new Thread(() -> clear(base));
        Runtime.getRuntime().addShutdownHook(cleaning);
        Processes processes = new Processes(base, times);
        for (String what : wanted) {
            System.out.println("\n" + what + ", load "
                    + Files.readString(Path.of("/proc/loadavg")).strip());
            processes.measure(what);
        }
    }

    private static void clear(Path base) {
        try {
            Rounds.clear(base);
        } catch (IOException | InterruptedException e) {
            System.err.println("left behind: " + base + ": " + e);
        }
    }

    private void measure(String what) throws Exception {
        switch (what) {
            case "up1" -> rounds.upAndDown(Kind.PLAIN, 1, times);
            case "up50" -> rounds.upAndDown(Kind.PLAIN, 50, times);
            case "up200" -> rounds.upAndDown(Kind.PLAIN, MANY, half());
            case "chain" -> rounds.upAndDown(Kind.CHAIN, 50, half());
            case "memory" -> memory();
            case "logs" -> logs();
            case "status" -> status();
            default -> throw new IllegalArgumentException("nothing is known of " + what);
        }
    }

    private int half() {
        return Math.max(1, times / 2);
    }

    private void memory() throws Exception {
        Map<String, Series> all = new LinkedHashMap<>();
        for (int i = 0; i < Math.max(1, times / 7); i++) {
            for (String name : List.of(SUPERVISORD, RUNIT, OWN)) {
                rounds.one(name, Kind.PLAIN, MANY, (load, contender) -> {
                    contender.start();
                    load.awaitAll();
                    Rounds.pause(SETTLE);
                    List<ProcessHandle> supervising = Procs.supervising(load);
                    Rounds.series(all, name).add((double) Procs.memory(supervising));
                    if (name.equals(OWN)) {
                        Rounds.series(all, "ours, of which shells").add((double) Procs.memory(supervising.stream()
                                .filter(process -> !Procs.isCalled(process, "java"))
                                .toList()));
                    }
                    contender.stop();
                });
            }
            added(all);
        }
        Rounds.print("memory for " + MANY + ", KiB (proportional set size)", all);
    }

    /** What the processes add to a JVM that is there. */
    private void added(Map<String, Series> all) throws Exception {
        rounds.one(OwnAngee::warm, Kind.PLAIN, MANY, (load, contender) -> {
            OwnAngee angee = (OwnAngee) contender;
            angee.start();
            angee.tell("gc");
            long before = Procs.memory(List.of(angee.jvm()));
            angee.tell("up");
            load.awaitAll();
            Rounds.pause(SETTLE);
            angee.tell("gc");
            long after = Procs.memory(Procs.supervising(load));
            Rounds.series(all, "ours, what is added to a JVM").add((double) after - before);
            Rounds.series(all, "ours, added within the JVM").add((double) Procs.memory(List.of(angee.jvm())) - before);
            angee.stop();
        });
    }

    private void logs() throws Exception {
        Map<String, Series> written = new LinkedHashMap<>();
        Map<String, Series> ticks = new LinkedHashMap<>();
        for (int i = 0; i < half(); i++) {
            for (String name : List.of(SUPERVISORD, RUNIT, OWN)) {
                rounds.one(name, Kind.WRITER, 1, (load, contender) -> {
                    contender.start();
                    load.awaitAll();
                    Rounds.pause(SETTLE);
                    ProcessHandle writer = Procs.of(load.folder()).stream()
                            .filter(process -> Procs.isCalled(process, load.program()))
                            .findFirst()
                            .orElseThrow();
                    List<ProcessHandle> supervising = Procs.supervising(load);
                    long bytes = Procs.written(writer.pid());
                    long busy = Procs.ticks(supervising);
                    long begin = System.nanoTime();
                    Rounds.pause(WRITING);
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    Rounds.series(written, name).add((Procs.written(writer.pid()) - bytes) / seconds / 1e6);
                    Rounds.series(ticks, name).add((Procs.ticks(supervising) - busy) * 10 / seconds);
                    contender.stop();
                });
            }
        }
        Rounds.print("one that floods its log, MB/s", written);
        Rounds.print("the supervisor's CPU meanwhile, ms a second", ticks);
    }

    private void status() throws Exception {
        Map<String, Series> all = new LinkedHashMap<>();
        rounds.one(SUPERVISORD, Kind.PLAIN, MANY, (load, contender) -> {
            contender.start();
            load.awaitAll();
            Rounds.pause(SETTLE);
            Supervisord supervisord = (Supervisord) contender;
            try (XmlRpc connection = new XmlRpc(supervisord.socket())) {
                all.put(
                        "supervisord, its socket",
                        Rounds.timed(times, times * 5, () -> check(connection.allProcesses())));
            }
            all.put("supervisorctl status", Rounds.timed(1, times, () -> supervisord.control("status")));
            contender.stop();
        });
        rounds.one(RUNIT, Kind.PLAIN, MANY, (load, contender) -> {
            contender.start();
            load.awaitAll();
            Rounds.pause(SETTLE);
            all.put("sv status", Rounds.timed(1, times, ((Runit) contender)::status));
            contender.stop();
        });
        rounds.one(EMBEDDED, Kind.PLAIN, MANY, (load, contender) -> {
            contender.start();
            load.awaitAll();
            Rounds.pause(SETTLE);
            all.put("ours, Backend.status()", Rounds.timed(times, times * 5, ((EmbeddedAngee) contender)::status));
            contender.stop();
        });
        Rounds.print("status of " + MANY + ", ms", all);
    }

    private static void check(String answer) {
        int found = answer.split("<name>statename</name>", -1).length - 1;
        if (found != MANY) {
            throw new IllegalStateException(String.format(Locale.ROOT, "a status of %d in place of %d", found, MANY));
        }
    }
}

package dev.angee.benchmarks;

import dev.angee.runtime.Backend;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.Selection;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Many at once: those who ask for the status, and those who follow a log. */
final class ContainerCrowds {
    private static final long SETTLE = 3000;
    private static final long WATCHED = 10_000;
    private static final long IDLE = 40_000; // longer than an idle thread or connection is kept

    private final ContainerStack stack;
    private final int many;

    /** @param stack is up */
    ContainerCrowds(ContainerStack stack, int many) {
        this.stack = stack;
        this.many = many;
    }

    /** So many threads ask one backend at once, several times; and so many processes of Compose. */
    void status(int times) throws Exception {
        Map<String, Series> all = new LinkedHashMap<>();
        try (Backend backend = stack.open()) {
            check(backend);
            String before = held();
            for (int i = 0; i <= times; i++) {
                List<Double> each = atOnce(() -> check(backend));
                if (i == 0) {
                    continue;
                }
                Rounds.series(all, "ours, the first to have it").add(each.get(0));
                Rounds.series(all, "ours, the middle one").add(each.get(each.size() / 2));
                Rounds.series(all, "ours, the last to have it").add(each.get(each.size() - 1));
            }
            System.out.println("before: " + before);
            System.out.println("right after: " + held());
            Rounds.pause(IDLE);
            System.out.println("after " + IDLE / 1000 + " s: " + held());
        }
        System.out.println("closed: " + held());
        for (int i = 0; i < Math.max(1, times / 5); i++) {
            List<Double> each = atOnce(() -> stack.ask("ps", "-a", "--format", "json"));
            Rounds.series(all, "docker compose ps, the last to have it").add(each.get(each.size() - 1));
        }
        Rounds.print(many + " at once ask for the status of " + stack.load().many() + ", ms", all);
    }

    private void check(Backend backend) {
        int found = backend.status().size();
        if (found != stack.load().many()) {
            throw new IllegalStateException(
                    "a status of " + found + " in place of " + stack.load().many());
        }
    }

    /** What so many threads took that began at the same moment, the shortest first. */
    private List<Double> atOnce(Rounds.Action action) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        ConcurrentLinkedQueue<Double> taken = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        long[] begin = new long[1];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    action.run();
                    taken.add((System.nanoTime() - begin[0]) / 1e6);
                } catch (Exception e) {
                    failures.add(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        begin[0] = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " of " + many + " failed", failures.peek());
        }
        return taken.stream().sorted().toList();
    }

    /** What so many followers of one service's log cost: in this JVM, and as processes of Compose. */
    void follow() throws Exception {
        String service = stack.load().name(0);
        try (Backend backend = stack.open()) {
            readSome(backend, service);
            report("ours, one reader has come and gone", 0);
            List<LogStream> streams = new ArrayList<>();
            AtomicLong lines = new AtomicLong();
            try {
                for (int i = 0; i < many; i++) {
                    LogStream stream = backend.logs(
                            LogQuery.all().only(Selection.of(service)).tail(0).following());
                    streams.add(stream);
                    read(stream, lines);
                }
                Rounds.pause(SETTLE);
                long ticks = Procs.ticks(List.of(ProcessHandle.current()));
                long begun = lines.get();
                Rounds.pause(WATCHED);
                cpu("ours", Procs.ticks(List.of(ProcessHandle.current())) - ticks);
                System.out.println("lines read in that time: " + (lines.get() - begun));
                report("ours, " + many + " follow", many);
            } finally {
                streams.forEach(LogStream::close);
            }
            Rounds.pause(IDLE);
            report("ours, all closed", 0);
        }
        theirs(service);
    }

    private void readSome(Backend backend, String service) throws InterruptedException {
        try (LogStream stream =
                backend.logs(LogQuery.all().only(Selection.of(service)).tail(10).following())) {
            for (int i = 0; i < 10; i++) {
                stream.next();
            }
        }
    }

    private static void read(LogStream stream, AtomicLong lines) {
        Thread reader = new Thread(() -> {
            try {
                for (Optional<LogLine> line = stream.next(); line.isPresent(); line = stream.next()) {
                    lines.incrementAndGet();
                }
            } catch (InterruptedException | RuntimeException e) {
                System.err.println("a follower has ended: " + e);
            }
        });
        reader.setDaemon(true);
        reader.start();
    }

    private void theirs(String service) throws Exception {
        List<Process> followers = new ArrayList<>();
        try {
            for (int i = 0; i < many; i++) {
                followers.add(stack.beginUnread("logs", "-f", "--tail", "0", "--no-color", service));
            }
            Rounds.pause(SETTLE);
            List<ProcessHandle> all = followers.stream()
                    .flatMap(each -> Stream.concat(Stream.of(each.toHandle()), each.descendants()))
                    .toList();
            long ticks = Procs.ticks(all);
            Rounds.pause(WATCHED);
            cpu("docker compose logs -f", Procs.ticks(all) - ticks);
            System.out.printf(
                    Locale.ROOT,
                    "docker compose logs -f, %d follow: %d processes, proportional set size %.1f MiB%n",
                    many,
                    all.stream().filter(ProcessHandle::isAlive).count(),
                    Procs.memory(all) / 1024.0);
        } finally {
            for (Process each : followers) {
                each.descendants().forEach(ProcessHandle::destroy);
                each.destroy();
            }
        }
    }

    private static void cpu(String who, long ticks) {
        System.out.printf(Locale.ROOT, "%s: CPU %.0f ms a second%n", who, ticks * 10 / (WATCHED / 1000.0));
    }

    private static void report(String who, int readers) throws InterruptedException {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // what one collection leaves, the next may take
            System.gc();
            Rounds.pause(200);
            Runtime runtime = Runtime.getRuntime();
            heap = Math.min(heap, runtime.totalMemory() - runtime.freeMemory());
        }
        System.out.printf(
                Locale.ROOT,
                "%s: heap %.2f MiB, proportional set size %.1f MiB, %s, of which readers of this program %d%n",
                who,
                heap / 1048576.0,
                Procs.memory(List.of(ProcessHandle.current())) / 1024.0,
                held(),
                readers);
    }

    private static String held() {
        String[] open = new File("/proc/self/fd").list();
        String[] threads = new File("/proc/self/task").list();
        return Objects.requireNonNull(threads).length + " threads, " + Objects.requireNonNull(open).length
                + " descriptors";
    }
}

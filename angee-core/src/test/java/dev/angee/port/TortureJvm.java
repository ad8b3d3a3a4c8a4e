package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * One of the JVMs of {@link PortLedgerTortureIT}: its threads lease, claim, give back and try to give back what is not
 * theirs any more. Ends with what they still have, and with a failure if one saw anything wrong.
 */
final class TortureJvm {
    static final int THREADS = 16;
    private static final int MOST_HELD = 4;
    private static final int WARM_UP = 20;

    private final Path folder;
    private final String name;
    private final PortLedger ledger;
    private final AtomicInteger leased = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger inVain = new AtomicInteger();
    private final AtomicInteger usedUp = new AtomicInteger();
    private final AtomicLong longest = new AtomicLong();

    private TortureJvm(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.ledger = PortLedger.in(folder.resolve("state"), Clock.systemUTC(), PortProbe.noObjection());
    }

    /**
     * Runs.
     *
     * @param arguments the test's folder and this JVM's name
     */
    public static void main(String[] arguments) throws Exception {
        new TortureJvm(Path.of(arguments[0]), arguments[1]).run();
    }

    private void run() throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            ledger.all(); // not in the time that counts
        }
        Files.createFile(folder.resolve("log/ready-" + name));
        while (!Files.exists(folder.resolve("go"))) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String owner = name + "t" + i;
                Random random = new Random(owner.hashCode());
                work.add(() -> {
                    work(owner, random);
                    return null;
                });
            }
            for (Future<Void> each : threads.invokeAll(work)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        Files.writeString(
                folder.resolve("log/sum-" + name),
                leased + " leased, " + released + " released, " + refused + " stale releases refused, " + usedUp
                        + " times used up, " + inVain + " waits in vain, longest call "
                        + TimeUnit.NANOSECONDS.toMillis(longest.get()) + " ms");
    }

    private void work(String owner, Random random) throws IOException {
        List<PortLease> held = new ArrayList<>();
        List<PortLease> given = new ArrayList<>();
        for (int i = 0; !Files.exists(folder.resolve("stop")); i++) {
            int choice = random.nextInt(10);
            if (choice == 0 && !given.isEmpty()) {
                releaseStale(given.get(random.nextInt(given.size())));
            } else if (!held.isEmpty() && (held.size() == MOST_HELD || choice < 5)) {
                PortLease lease = held.remove(random.nextInt(held.size()));
                Files.delete(claim(lease)); // fails if somebody else took it for theirs
                timed(() -> ledger.release(lease));
                released.incrementAndGet();
                given.add(lease);
            } else {
                lease(PortOwner.workspace(owner + "n" + i, "many"), held);
            }
        }
        List<PortLease> known = ledger.all();
        if (!known.containsAll(held)) {
            throw new IllegalStateException("lost a lease: " + held + " are not all in " + known);
        }
    }

    private void lease(PortOwner owner, List<PortLease> held) throws IOException {
        try {
            PortLease lease = timed(() -> ledger.lease(PortLedgerTortureIT.POOL, folder.resolve("root"), owner));
            Files.writeString(claim(lease), lease.id().toString(), StandardOpenOption.CREATE_NEW); // O_EXCL
            Files.writeString(
                    folder.resolve("log/ids-" + owner.name().replaceAll("n\\d+$", "")),
                    lease.id() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            held.add(lease);
            leased.incrementAndGet();
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.UNAVAILABLE) {
                throw e;
            }
            usedUp.incrementAndGet();
        }
    }

    private void releaseStale(PortLease stale) {
        try {
            timed(() -> ledger.release(stale));
        } catch (ConflictException e) {
            refused.incrementAndGet();
        }
    }

    private Path claim(PortLease lease) {
        return folder.resolve("claims/" + lease.port());
    }

    private void timed(Runnable call) {
        timed(() -> {
            call.run();
            return "";
        });
    }

    private <T> T timed(Supplier<T> call) {
        long start = System.nanoTime();
        try {
            return patiently(call);
        } finally {
            longest.accumulateAndGet(System.nanoTime() - start, Math::max);
        }
    }

    /** Who has waited too long has changed nothing, so it can be done again. */
    private <T> T patiently(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (ConflictException e) {
                if (!e.kind().equals("lock")) {
                    throw e;
                }
                inVain.incrementAndGet();
            }
        }
    }
}

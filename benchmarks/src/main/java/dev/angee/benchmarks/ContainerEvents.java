package dev.angee.benchmarks;

import dev.angee.runtime.Backend;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadState;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long after the engine's own time of a container's death it is told of it: by our events, and by
 * {@code docker compose events}, which listen to the same deaths at once.
 */
final class ContainerEvents implements AutoCloseable {
    private static final Pattern TIME = Pattern.compile("\"timeNano\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ContainerStack stack;
    private final Backend backend;
    private final EventStream ours;
    private final Process theirs;
    private final EngineSocket engine;
    private final BlockingQueue<Instant> oursSaw = new LinkedBlockingQueue<>();
    private final BlockingQueue<Instant> theirsSaw = new LinkedBlockingQueue<>();
    private final BlockingQueue<Instant> happened = new LinkedBlockingQueue<>();
    private volatile boolean closed;

    /** Begins to listen; the stack is up. */
    ContainerEvents(ContainerStack stack) throws Exception {
        this.stack = stack;
        this.backend = stack.open();
        this.ours = backend.events();
        this.theirs = stack.begin("events", "--json");
        // of this container: the engine is not ours alone
        this.engine = EngineSocket.ask(
                "GET",
                "/events?filters=%7B%22event%22%3A%5B%22die%22%5D%2C%22container%22%3A%5B%22" + stack.container(0)
                        + "%22%5D%7D");
        inBackground(this::readOurs);
        inBackground(this::readTheirs);
        inBackground(this::readEngine);
    }

    /** Kills a container so many times, and looks who hears of it when. */
    void measure(int times) throws Exception {
        awaitTheirs();
        Pairs pairs = new Pairs("an event, ms after the engine's time of it", "docker compose events --json");
        Series lag = new Series();
        for (int i = 0; i <= times; i++) {
            Instant begin = Instant.now();
            Thread killing = inBackground(() -> post("kill"));
            Instant died = take(happened, "the engine's own event");
            double our = millis(died, take(oursSaw, "our event"));
            double their = millis(died, take(theirsSaw, "Compose's event"));
            killing.join();
            if (i > 0) {
                pairs.add(our, their);
                lag.add(millis(begin, died));
            }
            post("start");
        }
        pairs.print();
        System.out.println("| (the engine itself: from the call of kill to that time) | " + lag.text() + " | |");
    }

    /** Compose does not say when it has begun to listen: kill until it has heard of one. */
    private void awaitTheirs() throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (boolean heard = false; !heard; ) {
            post("kill");
            heard = theirsSaw.poll(1, TimeUnit.SECONDS) != null;
            post("start");
            if (System.nanoTime() > end) {
                throw new IllegalStateException("docker compose events says nothing");
            }
        }
        Rounds.pause(1000); // what is still on its way
        oursSaw.clear();
        theirsSaw.clear();
        happened.clear();
    }

    private static Instant take(BlockingQueue<Instant> queue, String what) throws InterruptedException {
        Instant seen = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (seen == null) {
            throw new IllegalStateException(what + " does not come");
        }
        return seen;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private void post(String verb) throws IOException {
        EngineSocket.ask("POST", "/containers/" + stack.container(0) + "/" + verb)
                .close();
    }

    private void readOurs() throws InterruptedException {
        while (theirs.isAlive()) {
            Optional<RuntimeEvent> event = ours.poll(Duration.ofSeconds(1));
            Instant now = Instant.now();
            if (event.filter(e -> e.state() == WorkloadState.EXITED).isPresent()) {
                oursSaw.add(now);
            }
        }
    }

    private void readTheirs() throws IOException {
        try (BufferedReader lines = theirs.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Instant now = Instant.now();
                if (line.contains("\"action\":\"die\"")) {
                    theirsSaw.add(now);
                }
            }
        }
    }

    private void readEngine() throws IOException {
        for (String line = engine.line(); !line.isEmpty(); line = engine.line()) {
            Matcher time = TIME.matcher(line);
            if (time.find()) {
                happened.add(Instant.EPOCH.plusNanos(Long.parseLong(time.group(1))));
            }
        }
    }

    private Thread inBackground(Rounds.Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (Exception e) {
                if (!closed) {
                    System.err.println("nobody hears of what happens any more: " + e);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        theirs.descendants().forEach(ProcessHandle::destroy);
        theirs.destroy();
        ours.close();
        backend.close();
        engine.close();
    }
}

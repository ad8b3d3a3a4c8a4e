package dev.angee.contract;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.Workload;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.ResolvedSecrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run of one workload: a thread that plays its program, and one that tries its health check. */
final class InMemoryProcess {
    private static final int KILLED = 137;
    private static final int TERMINATED = 143;
    private static final Duration TICK = Duration.ofMillis(100);

    private final Workload workload;
    private final ResolvedSecrets secrets;
    private final String instance;
    private final Consumer<String> output;
    private final Runnable changed;
    private final Instant startedAt = Instant.now();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile WorkloadState state = WorkloadState.RUNNING;
    private volatile Health health;
    private volatile OptionalInt exitCode = OptionalInt.empty();

    private InMemoryProcess(
            Workload workload, ResolvedSecrets secrets, String instance, Consumer<String> output, Runnable changed) {
        this.workload = workload;
        this.secrets = secrets;
        this.instance = instance;
        this.output = output;
        this.changed = changed;
        this.health = workload.health().isPresent() ? Health.STARTING : Health.NONE;
    }

    static InMemoryProcess start(
            Workload workload, ResolvedSecrets secrets, String instance, Consumer<String> output, Runnable changed) {
        workload.environment().values().forEach(secrets::fill); // all of them are there, or it does not start
        InMemoryProcess process = new InMemoryProcess(workload, secrets, instance, output, changed);
        daemon("program " + workload.name(), process::play);
        workload.health().ifPresent(check -> daemon("health " + workload.name(), () -> process.probe(check)));
        return process;
    }

    Instant startedAt() {
        return startedAt;
    }

    static boolean exists(List<String> command) {
        return !command.isEmpty()
                && List.of("sleeps", "says", "prints", "ticks", "exits", "stubborn")
                        .contains(command.get(0));
    }

    Workload workload() {
        return workload;
    }

    String instance() {
        return instance;
    }

    WorkloadState state() {
        return state;
    }

    Health health() {
        return state == WorkloadState.RUNNING ? health : Health.NONE;
    }

    OptionalInt exitCode() {
        return exitCode;
    }

    boolean awaitEnd(Duration time) throws InterruptedException {
        return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    void stop(Duration grace) throws InterruptedException {
        if (state == WorkloadState.EXITED) {
            return;
        }
        if (!workload.command().get(0).equals("stubborn")) {
            end(TERMINATED);
        } else if (!awaitEnd(grace)) {
            end(KILLED);
        }
    }

    private void play() {
        List<String> command = workload.command();
        switch (command.get(0)) {
            case "says" -> output.accept(command.get(1));
            case "prints" -> output.accept(secrets.fill(workload.environment().get(command.get(1))));
            case "exits" -> {
                output.accept(command.get(1));
                end(Integer.parseInt(command.get(2)));
            }
            case "ticks" -> tick();
            default -> {
                // sleeps and stubborn: nothing to do until stopped
            }
        }
    }

    private void tick() {
        for (int tick = 1; state == WorkloadState.RUNNING; tick++) {
            output.accept("tick " + tick);
            pause(TICK);
        }
    }

    private void probe(HealthCheck check) {
        Path flag = Path.of(((HealthCheck.Exec) check.probe()).command().get(2));
        int failures = 0;
        while (state == WorkloadState.RUNNING) {
            failures = Files.exists(flag) ? 0 : failures + 1;
            Health now = failures == 0 ? Health.HEALTHY : failures >= check.retries() ? Health.UNHEALTHY : health;
            if (now != health) {
                health = now;
                changed.run();
            }
            pause(check.interval());
        }
    }

    private void pause(Duration time) {
        try {
            if (stop.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end(int code) {
        if (state != WorkloadState.EXITED) {
            exitCode = OptionalInt.of(code);
            state = WorkloadState.EXITED;
            stop.countDown();
            ended.countDown();
            changed.run();
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "in-memory " + name);
        thread.setDaemon(true);
        thread.start();
    }
}

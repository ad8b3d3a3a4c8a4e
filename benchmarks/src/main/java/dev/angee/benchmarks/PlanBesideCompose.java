package dev.angee.benchmarks;

import dev.angee.runtime.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * From a manifest of 1,000 services to its Compose file, beside {@code docker compose config -q} on that very file: cold,
 * each a process of its own, and warm in this JVM; then how the time grows with the number of services. Prints medians,
 * and the quickest and slowest.
 */
public final class PlanBesideCompose {
    private static final int SERVICES = 1000;
    private static final int PAIRS = 20;
    private static final int WARM_UP = 30;

    private PlanBesideCompose() {}

    /** Runs everything; takes a few minutes. */
    public static void main(String[] args) throws Exception {
        Path root = Files.createTempDirectory("angee-benchmark").toRealPath();
        write(root, SERVICES);
        Path compiled = root.resolve("docker-compose.yaml");
        Artifact artifact = PlanOnce.compile(root);
        Files.writeString(compiled, artifact.text());
        List<Double> compose = new ArrayList<>();
        List<Double> cold = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        for (int i = 0; i < WARM_UP; i++) {
            PlanOnce.compile(root);
        }
        String java = ProcessHandle.current().info().command().orElse("java");
        for (int i = 0; i < PAIRS; i++) {
            compose.add(
                    process("docker", "compose", "--env-file", "/dev/null", "-f", compiled.toString(), "config", "-q"));
            cold.add(process(
                    java, "-cp", System.getProperty("java.class.path"), PlanOnce.class.getName(), root.toString()));
            warm.add(timed(() -> PlanOnce.compile(root)));
        }
        System.out.printf(Locale.ROOT, "%d services, %d interleaved rounds, milliseconds%n", SERVICES, PAIRS);
        print("docker compose config -q", compose, compose);
        print("ours, a JVM of its own", cold, compose);
        print("ours, warm", warm, compose);
        for (int services : new int[] {10, 100, 1000, 10_000}) {
            write(root, services);
            for (int i = 0; i < WARM_UP; i++) {
                PlanOnce.compile(root);
            }
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                times.add(timed(() -> PlanOnce.compile(root)));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%6d services: %8.2f ms, %6.1f us a service%n",
                    services,
                    median(times),
                    median(times) * 1000 / services);
        }
        Files.delete(compiled);
        Files.delete(root.resolve("angee.yaml"));
        Files.delete(root);
    }

    private static void write(Path root, int services) throws IOException {
        Files.writeString(root.resolve("angee.yaml"), Manifests.containers(services));
    }

    private static void print(String what, List<Double> times, List<Double> compared) {
        System.out.printf(
                Locale.ROOT,
                "%-26s median %8.1f  (%.1f to %.1f)  ratio %.2f%n",
                what,
                median(times),
                Collections.min(times),
                Collections.max(times),
                median(times) / median(compared));
    }

    private static double median(List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private interface Work {
        Object run() throws Exception;
    }

    private static double timed(Work work) throws Exception {
        long begin = System.nanoTime();
        if (work.run() == null) {
            throw new IllegalStateException("nothing was made");
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double process(String... words) throws Exception {
        return timed(() -> {
            ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
            builder.environment().put("ANGEE_SECRET_TOKEN", "x"); // what is missing, Compose complains of at length
            Process process = builder.start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(words[0] + " ended with " + process.exitValue());
            }
            return process;
        });
    }
}

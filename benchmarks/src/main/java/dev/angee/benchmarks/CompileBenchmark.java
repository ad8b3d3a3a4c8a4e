package dev.angee.benchmarks;

import dev.angee.compile.PlanCompiler;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.plan.RuntimePlan;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes from the text of a manifest to its plan, and how that grows with the number of services. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CompileBenchmark {
    private static final StackLayout LAYOUT = StackLayout.of(Path.of("/srv/shop/.angee"));

    /** How many services the manifest has. */
    @Param({"10", "100", "1000", "10000"})
    public int services;

    private final ManifestReader reader = new ManifestReader();
    private final Resolver resolver = new Resolver();
    private final PlanCompiler compiler = new PlanCompiler();
    private String text;

    /** Writes the manifest. */
    @Setup
    public void write() {
        text = Manifests.containers(services);
    }

    /** Reads only. */
    @Benchmark
    public Manifest read() {
        return reader.read("angee.yaml", text);
    }

    /** Reads, resolves and compiles. */
    @Benchmark
    public RuntimePlan readAndCompile() {
        Manifest manifest = reader.read("angee.yaml", text);
        return compiler.compile(manifest, resolver.resolve(manifest, LAYOUT, Surroundings.none()), List.of());
    }
}

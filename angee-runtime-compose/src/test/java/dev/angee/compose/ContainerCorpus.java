package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.compile.PlanCompiler;
import dev.angee.document.InvalidDocumentException;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.plan.RuntimePlan;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The container part of each plan of core's golden corpus. */
final class ContainerCorpus {
    /** Fewer plans with containers than that would mean that the corpus was not found. */
    static final int FEWEST = 60;

    static final Optional<Path> SOCKET = Optional.of(Path.of("/run/engine.sock"));

    private static final Path FOLDER = Path.of("../angee-core/src/test/resources/golden");
    private static final Path ROOT = Path.of("/srv/golden/.angee");

    private ContainerCorpus() {}

    /** Those that can be said in a Compose file, by the name of the case. */
    static Map<String, RuntimePlan> plans() throws IOException {
        Map<String, RuntimePlan> plans = all();
        plans.values().removeIf(plan -> refusal(plan).isPresent());
        return plans;
    }

    /** Why the others cannot, by the name of the case. */
    static Map<String, AngeeException> refusals() throws IOException {
        Map<String, AngeeException> refusals = new TreeMap<>();
        all().forEach((name, plan) -> refusal(plan).ifPresent(why -> refusals.put(name, why)));
        return refusals;
    }

    static String text(RuntimePlan plan) {
        return ComposeFile.of(plan, Map.of(ComposeBackend.ROOT_LABEL, "/srv/$golden"), SOCKET);
    }

    private static Optional<AngeeException> refusal(RuntimePlan plan) {
        try {
            text(plan);
            return Optional.empty();
        } catch (AngeeException e) {
            return Optional.of(e);
        }
    }

    private static Map<String, RuntimePlan> all() throws IOException {
        Map<String, RuntimePlan> plans = new TreeMap<>();
        try (Stream<Path> found = Files.walk(FOLDER)) {
            for (Path file : found.filter(f -> f.endsWith("angee.yaml")).toList()) {
                String name = FOLDER.relativize(file.getParent()).toString();
                planned(Files.readString(file)).filter(p -> !p.isEmpty()).ifPresent(plan -> plans.put(name, plan));
            }
        }
        return plans;
    }

    /** Empty for a manifest that is refused. */
    private static Optional<RuntimePlan> planned(String text) {
        try {
            Manifest manifest = new ManifestReader().read("angee.yaml", text);
            Map<String, Integer> leases = new TreeMap<>();
            manifest.pools().forEach((name, pool) -> leases.put(name, pool.first()));
            Surroundings surroundings = Surroundings.none().allocations(leases);
            return Optional.of(new PlanCompiler()
                    .compile(manifest, new Resolver().resolve(manifest, StackLayout.of(ROOT), surroundings), List.of())
                    .only(RuntimeKind.CONTAINER));
        } catch (InvalidDocumentException e) {
            if (e.code() != ErrorCode.INVALID && e.code() != ErrorCode.UNSUPPORTED) {
                throw e;
            }
            return Optional.empty();
        }
    }
}

package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.RuntimeKind;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether the Docker engine and Compose 2 are there and will do. Answers within its limit, whatever is wrong and
 * however long the engine may take otherwise.
 */
final class Description {
    static final String NAME = "Docker Compose";

    /** For all there is to find out. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private final Engine engine;
    private final EngineHost host;
    private final ComposeProgram compose;
    private final Set<Feature> features;
    private final Duration limit;

    /**
     * @param features what is honoured, also while the engine cannot be reached
     * @param limit how long it may take in all
     */
    Description(Engine engine, EngineHost host, ComposeProgram compose, Set<Feature> features, Duration limit) {
        this.engine = engine;
        this.host = host;
        this.compose = compose;
        this.features = features;
        this.limit = limit;
    }

    BackendInfo read() throws InterruptedException {
        return usability().features(features);
    }

    private BackendInfo usability() throws InterruptedException {
        try {
            Deadline deadline = Deadline.after(limit);
            String version = compose.version();
            EngineFacts facts = EngineFacts.of(engine, deadline);
            String name = NAME + " " + version + ", engine " + facts.version();
            EngineCheck check = new EngineCheck(facts, host.free(facts));
            List<String> warnings = new ArrayList<>(check.warnings());
            ComposeProgram.warning(version).ifPresent(warnings::add);
            host.warning().ifPresent(warnings::add);
            Optional<String> problem = check.problem();
            return problem.map(why -> BackendInfo.unusable(RuntimeKind.CONTAINER, name, why))
                    .orElseGet(() -> BackendInfo.usable(RuntimeKind.CONTAINER, name))
                    .warnings(warnings);
        } catch (AngeeException e) {
            return BackendInfo.unusable(RuntimeKind.CONTAINER, NAME, String.valueOf(e.getMessage()));
        }
    }
}

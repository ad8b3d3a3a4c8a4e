package dev.angee.workload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an image is built.
 *
 * @param context the folder that is sent to the engine, absolute or relative to the root
 * @param dockerfile the recipe, relative to the context; {@code Dockerfile} if absent
 * @param target the stage of the recipe to stop at
 * @param args the arguments of the recipe
 */
public record Build(String context, Optional<String> dockerfile, Optional<String> target, Map<String, String> args) {
    /** Copies the map; its order is kept. */
    public Build {
        args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
    }
}

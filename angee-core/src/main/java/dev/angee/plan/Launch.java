package dev.angee.plan;

import dev.angee.RuntimeKind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a workload is started from. */
public sealed interface Launch {
    /** The runtime that can start it. */
    RuntimeKind runtime();

    /**
     * A container made from an image.
     *
     * @param image the image's name, as the engine understands it
     */
    record Image(String image) implements Launch {
        @Override
        public RuntimeKind runtime() {
            return RuntimeKind.CONTAINER;
        }
    }

    /**
     * A container made from an image that is built first.
     *
     * @param image the name the image gets; the runtime's own choice if absent
     * @param context the absolute folder that is sent to the engine
     * @param dockerfile the recipe, relative to the context; the engine's standard name if absent
     * @param target the stage of the recipe to stop at
     * @param args the arguments of the recipe
     */
    record Build(
            Optional<String> image,
            Path context,
            Optional<String> dockerfile,
            Optional<String> target,
            Map<String, String> args)
            implements Launch {
        /** Copies the map; its order is kept. */
        public Build {
            args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
        }

        @Override
        public RuntimeKind runtime() {
            return RuntimeKind.CONTAINER;
        }
    }

    /** A process of this host: the workload's command is executed without a shell. */
    record HostProcess() implements Launch {
        @Override
        public RuntimeKind runtime() {
            return RuntimeKind.LOCAL;
        }
    }
}

package dev.angee.plan;

import dev.angee.RuntimeKind;

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

    /** A process of this host: the workload's command is executed without a shell. */
    record HostProcess() implements Launch {
        @Override
        public RuntimeKind runtime() {
            return RuntimeKind.LOCAL;
        }
    }
}

/** Runs the container workloads of a stack with Docker Compose: {@link dev.angee.compose.ComposeBackend}. */
module dev.angee.runtime.compose {
    requires static org.jspecify;
    requires transitive dev.angee.core;
    requires org.slf4j;
    requires com.fasterxml.jackson.databind; // for docker-java, whose automatic modules cannot ask for it
    requires com.github.dockerjava.api;
    requires com.github.dockerjava.core;
    requires com.github.dockerjava.transport;
    requires com.github.dockerjava.transport.zerodep;

    exports dev.angee.compose;

    provides dev.angee.runtime.BackendProvider with
            dev.angee.compose.ComposeBackendProvider;
}

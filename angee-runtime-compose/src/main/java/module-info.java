/** Runs the container workloads of a stack with Docker Compose: {@link dev.angee.compose.ComposeBackend}. */
module dev.angee.runtime.compose {
    requires static org.jspecify;
    requires transitive dev.angee.core;
    requires org.slf4j;
    requires com.github.dockerjava.api;
    requires com.github.dockerjava.core;
    requires com.github.dockerjava.transport;
    requires com.github.dockerjava.transport.zerodep;

    // What docker-java needs. Its automatic modules cannot ask for modules that have a descriptor.
    requires com.fasterxml.jackson.databind;
    requires com.google.common;
    requires org.apache.commons.codec;
    requires org.apache.commons.compress;
    requires org.apache.commons.io;
    requires org.apache.commons.lang3;

    exports dev.angee.compose;

    provides dev.angee.runtime.BackendProvider with
            dev.angee.compose.ComposeBackendProvider;
}

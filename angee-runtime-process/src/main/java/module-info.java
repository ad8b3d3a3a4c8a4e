/** Runs the local workloads of a stack as processes of this machine: {@link dev.angee.process.ProcessBackend}. */
module dev.angee.runtime.process {
    requires static org.jspecify;
    requires transitive dev.angee.core;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;

    exports dev.angee.process;

    provides dev.angee.runtime.BackendProvider with
            dev.angee.process.ProcessBackendProvider;
}

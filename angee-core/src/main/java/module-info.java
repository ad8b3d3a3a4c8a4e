/**
 * The core of Angee: reads {@code angee.yaml}, compiles it to a runtime plan, and drives backends, source control and
 * templates through small interfaces that other modules implement.
 */
@SuppressWarnings("module") // the modules that see dev.angee.internal are compiled after this one
module dev.angee.core {
    requires com.fasterxml.jackson.databind;
    requires com.google.common;
    requires org.snakeyaml.engine;
    requires static transitive jakarta.inject;
    requires static transitive org.jspecify;

    exports dev.angee;
    exports dev.angee.agent;
    exports dev.angee.compile;
    exports dev.angee.document;
    exports dev.angee.expression;
    exports dev.angee.gitops;
    exports dev.angee.ingress;
    exports dev.angee.instance;
    exports dev.angee.manifest;
    exports dev.angee.mount;
    exports dev.angee.operation;
    exports dev.angee.plan;
    exports dev.angee.port;
    exports dev.angee.registry;
    exports dev.angee.render;
    exports dev.angee.resolve;
    exports dev.angee.runtime;
    exports dev.angee.secret;
    exports dev.angee.service;
    exports dev.angee.source;
    exports dev.angee.stack;
    exports dev.angee.template;
    exports dev.angee.workload;
    exports dev.angee.workspace;
    exports dev.angee.internal to
            dev.angee.git,
            dev.angee.runtime.compose,
            dev.angee.runtime.process;

    opens dev.angee.internal to
            com.fasterxml.jackson.databind;
    opens dev.angee.internal.change to
            com.fasterxml.jackson.databind;
    opens dev.angee.internal.owned to
            com.fasterxml.jackson.databind;
    opens dev.angee.operation to
            com.fasterxml.jackson.databind;
    opens dev.angee.port to
            com.fasterxml.jackson.databind;
    opens dev.angee.render to
            com.fasterxml.jackson.databind;
    opens dev.angee.service to
            com.fasterxml.jackson.databind;
    opens dev.angee.stack to
            com.fasterxml.jackson.databind;
    opens dev.angee.workspace to
            com.fasterxml.jackson.databind;

    uses dev.angee.runtime.BackendProvider;
    uses dev.angee.source.SourceControl;
    uses dev.angee.template.TemplateLibrary;
    uses dev.angee.template.TemplateRenderer;
}

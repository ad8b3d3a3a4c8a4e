package dev.angee.rest;

import dev.angee.InvalidInputException;
import dev.angee.instance.Angee;
import dev.angee.runtime.DownOptions;
import dev.angee.source.SourceControl;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A root on disk with a real instance over it, whose runtime and source control are kept in memory. */
final class World {
    private static final String MANIFEST = """
            version: 1
            kind: stack
            name: demo
            operator:
              port_pool:
                web: { range: "42100-42199" }
            sources:
              app: { kind: git, repo: "https://example.org/app.git" }
            services:
              web: { runtime: local, command: [sleeps], healthcheck: { exec: [test, -f, "%s"], interval: 20ms } }
              worker: { runtime: local, command: [sleeps] }
            jobs:
              migrate: { runtime: local, command: [exits, done, "0"] }
            """;

    private final Path root;
    private final Path state;
    private final FaultyRuntime runtime = new FaultyRuntime();
    private final SourceControl sourceControl = new FolderSourceControl();
    private final List<Angee> open = new ArrayList<>();
    private final Angee angee;

    World(Path folder) {
        root = folder.resolve("root");
        state = folder.resolve("state");
        write("angee.yaml", MANIFEST.formatted(root.resolve("health")));
        write("health", "");
        write("templates/workspaces/dev/copier.yml", """
                _templates_suffix: .tpl
                _angee:
                  kind: workspace
                  inputs:
                    title: { required: true }
                  sources:
                    app: { source: app, subpath: app }
                  chain_root: .angee
                  chain:
                    - template: stacks/dev
                      inputs: { port: "${alloc.web}" }
                """);
        write("templates/workspaces/dev/README.md.tpl", "# [=title]\n");
        write("templates/stacks/dev/copier.yml", """
                _templates_suffix: .tpl
                _angee:
                  kind: stack
                """);
        write("templates/stacks/dev/angee.yaml.tpl", """
                version: 1
                kind: stack
                name: inner
                services:
                  web: { runtime: local, command: [says, "port [=port]"] }
                """);
        angee = another();
    }

    Path root() {
        return root;
    }

    Angee angee() {
        return angee;
    }

    FaultyRuntime runtime() {
        return runtime;
    }

    /** Another instance over the same root, as another program would open it. */
    Angee another() {
        Angee instance = Angee.builder(root)
                .backend(runtime)
                .sourceControl(sourceControl)
                .renderer(new Placeholders())
                .stateFolder(state)
                .build();
        open.add(instance);
        return instance;
    }

    /** The service {@code web} fails its health check from now on. */
    void spoilHealth() {
        try {
            Files.delete(root.resolve("health"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void manifest(String text) {
        write("angee.yaml", text);
    }

    /** Edits the manifest, as a person would. */
    void edit(String old, String text) {
        write("angee.yaml", read("angee.yaml").replace(old, text));
    }

    String read(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, String text) {
        try {
            Files.createDirectories(root.resolve(file).getParent());
            Files.writeString(root.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what runs, and closes every instance. */
    void close() throws InterruptedException {
        runtime.first(() -> {});
        angee.stack().down(DownOptions.defaults());
        open.forEach(Angee::close);
    }

    private static final class Placeholders implements TemplateRenderer {
        @Override
        public String suffix() {
            return ".tpl";
        }

        @Override
        public String render(TemplateText template, Map<String, ?> inputs, TemplateIncludes includes) {
            String rendered = template.text();
            for (Map.Entry<String, ?> input : inputs.entrySet()) {
                rendered = rendered.replace("[=" + input.getKey() + "]", String.valueOf(input.getValue()));
            }
            if (rendered.contains("[=")) {
                throw new InvalidInputException(template.name(), "asks for an unknown input");
            }
            return rendered;
        }
    }
}

package dev.angee.service;

import dev.angee.instance.Angee;
import dev.angee.port.PortLease;
import dev.angee.render.SteppedReconciler;
import dev.angee.resolve.StackLayout;
import dev.angee.source.SourceControl;
import dev.angee.stack.StackContext;
import dev.angee.stack.Stacks;
import dev.angee.template.TemplateEngine;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A root with a workspace {@code feat} and a template {@code services/web} that tests write. */
final class ServiceRoot implements AutoCloseable {
    static final ServiceFromTemplate WEB = ServiceFromTemplate.of("web", "feat").named("web");
    static final String MANIFEST = """
            # the stack of a test
            name: test

            operator:
              port_pool:
                web: { range: "38100-38199" }
                other: { range: "38200-38299" }
            workspaces:
              feat: { template: dev } # the only one
            """;
    static final String QUESTIONS = """
            _templates_suffix: .tpl
            _angee: { kind: service }
            """;

    final Path root;
    private final Path state;
    private Angee angee;

    ServiceRoot(Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        state = folder.resolve("state");
        Files.writeString(root.resolve("angee.yaml"), MANIFEST);
        Path records = Files.createDirectories(root.resolve("run/workspaces"));
        Files.writeString(records.resolve("feat.json"), """
                {"version": 1, "name": "feat", "template": "dev", "inputs": {}, "chainRoot": null, "allocations": {},
                 "slots": []}
                """);
        template("copier.yml", QUESTIONS);
        angee = open();
    }

    private Angee open() {
        return Angee.builder(root)
                .sourceControl((SourceControl) Proxy.newProxyInstance(
                        SourceControl.class.getClassLoader(),
                        new Class<?>[] {SourceControl.class},
                        (self, method, given) -> {
                            throw new UnsupportedOperationException("nothing is cloned here: " + method);
                        }))
                .renderer(new Braces())
                .backend(new dev.angee.contract.InMemoryEngine(dev.angee.RuntimeKind.CONTAINER))
                .backend(new dev.angee.contract.InMemoryEngine(dev.angee.RuntimeKind.LOCAL))
                .environment(Map.of())
                .stateFolder(state)
                .build();
    }

    Angee angee() {
        return angee;
    }

    Services services() {
        return angee.services();
    }

    Angee reopen() {
        angee.close();
        angee = open();
        return angee;
    }

    /** Services whose changes of files tell of their steps. */
    Services stepped(Consumer<String> step) {
        StackContext stacks = StackContext.of(List.of()).ports(angee.ports());
        return new Services(
                new ServiceContext(
                        StackLayout.of(root),
                        angee.workspaces(),
                        angee.templates(),
                        new TemplateEngine(List.of(new Braces())),
                        angee.ports(),
                        new Stacks(stacks)),
                target -> SteppedReconciler.of(target, step));
    }

    /** Writes a file of the template; nothing deletes it. */
    void template(String path, String text) throws IOException {
        Path file = root.resolve("templates/services/web").resolve(path);
        Files.createDirectories(file.getParent());
        if (text.isEmpty()) {
            Files.delete(file);
        } else {
            Files.writeString(file, text);
        }
    }

    /** The template's service, with more lines in its entry. */
    void service(String... lines) throws IOException {
        StringBuilder text =
                new StringBuilder("services:\n  {{ service_name }}:\n    runtime: container\n    image: busybox\n");
        for (String line : lines) {
            text.append("    ").append(line).append('\n');
        }
        template("service.yaml.tpl", text.toString());
    }

    String manifest() throws IOException {
        return Files.readString(root.resolve("angee.yaml"));
    }

    /** Changes the manifest as a person would. */
    void edit(String from, String to) throws IOException {
        String text = manifest();
        if (!text.contains(from)) {
            throw new IllegalArgumentException("no '" + from + "' in:\n" + text);
        }
        Files.writeString(root.resolve("angee.yaml"), text.replace(from, to));
    }

    String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    List<String> leases() {
        return angee.ports().leases(root).stream()
                .map(PortLease::owner)
                .map(Object::toString)
                .sorted()
                .toList();
    }

    /** All files but locks, with their modes; and what is leased. */
    Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                String path = root.relativize(each).toString();
                if (Files.isRegularFile(each) && !path.endsWith(".lock") && !path.equals("run/format.json")) {
                    tree.put(
                            path,
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)) + " "
                                    + Files.readString(each));
                }
            }
        }
        tree.put("(leases)", leases().toString());
        return tree;
    }

    @Override
    public void close() {
        angee.close();
    }
}

package dev.angee.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.instance.Angee;
import dev.angee.operation.Journal;
import dev.angee.render.SteppedReconciler;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.StackLayout;
import dev.angee.source.CredentialSource;
import dev.angee.source.SourceControl;
import dev.angee.stack.StackContext;
import dev.angee.stack.Stacks;
import dev.angee.template.BracesRenderer;
import dev.angee.template.TemplateEngine;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM ends at each step of making a workspace, as if it had been killed; whoever opens the root next finds none of it, or all. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WorkspaceCreateDeathIT {
    private static final int KILLED = 137;
    private static final WorkspaceRequest REQUEST =
            WorkspaceRequest.named("x").template("t").input("who", "me");

    @TempDir
    private Path folder;

    /** Makes a workspace, and ends at a step. */
    static final class Doomed {
        private Doomed() {}

        public static void main(String[] arguments) {
            int last = Integer.parseInt(arguments[2]);
            AtomicInteger steps = new AtomicInteger();
            Runnable step = () -> {
                if (steps.incrementAndGet() == last) {
                    Runtime.getRuntime().halt(KILLED);
                }
            };
            StackLayout layout = StackLayout.of(Path.of(arguments[0]));
            try (Angee angee = open(layout.root(), Path.of(arguments[1]))) {
                WorkspaceContext context = new WorkspaceContext(
                        layout,
                        absent(SourceControl.class),
                        absent(CredentialSource.class),
                        angee.templates(),
                        new TemplateEngine(List.of(new BracesRenderer())),
                        angee.ports(),
                        new Journal(layout.journal(), Clock.systemUTC()),
                        new Stacks(StackContext.of(List.of()).ports(angee.ports())));
                var unused = new Workspaces(context, target -> SteppedReconciler.of(target, label -> step.run()))
                        .create(REQUEST, progress -> step.run());
            }
        }
    }

    private static <T> T absent(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            throw new UnsupportedOperationException("nothing is cloned here: " + method);
        }));
    }

    private static Angee open(Path root, Path state) {
        return Angee.builder(root)
                .sourceControl(absent(SourceControl.class))
                .renderer(new BracesRenderer())
                .stateFolder(state)
                .build();
    }

    @Test
    void nothing_is_left_or_all_is_there_and_one_of_the_name_can_be_made() throws Exception {
        Path root = Files.createDirectories(folder.toRealPath().resolve("root"));
        Path state = folder.resolve("state");
        write(root);
        SortedMap<String, String> made = expected(root, state);
        SortedMap<String, String> before = tree(root);
        List<Boolean> outcomes = new ArrayList<>();
        int exit = KILLED;
        for (int i = 1; exit == KILLED; i++) {
            exit = run(root, state, i);
            String where = "step " + i;
            try (Angee angee = open(root, state)) {
                assertThat(angee.recovered().failed()).as(where).isEmpty();
                boolean isMade = !angee.workspaces().made().isEmpty();
                assertThat(angee.recovered().undone()).as(where).isEqualTo(isMade ? List.of() : List.of("x"));
                assertThat(tree(root)).as(where).isEqualTo(isMade ? made : before);
                assertThat(angee.ports().leases(root)).as(where).hasSize(isMade ? 1 : 0);
                if (!isMade) {
                    angee.workspaces().create(REQUEST);
                    assertThat(tree(root)).as(where).isEqualTo(made);
                }
                assertThat(angee.workspaces()
                                .previewUpdate("x", TemplateUpdate.standard())
                                .changes())
                        .as(where)
                        .isEmpty();
                angee.workspaces().destroy("x", DestroyOptions.discardingWork());
                outcomes.add(isMade);
            }
            Files.writeString(root.resolve("angee.yaml"), before.get("angee.yaml")); // what it had added, and stays
        }
        assertThat(exit).isZero();
        assertThat(outcomes).hasSizeGreaterThan(30).contains(false, true).isSorted();
    }

    private int run(Path root, Path state, int last) throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Doomed.class.getName(),
                        root.toString(),
                        state.toString(),
                        Integer.toString(last)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jvm.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return jvm.exitValue();
    }

    /** What is there once it is made; it goes again, but for the store that its secret was in. */
    private static SortedMap<String, String> expected(Path root, Path state) throws Exception {
        String manifest = Files.readString(root.resolve("angee.yaml"));
        try (Angee angee = open(root, state)) {
            angee.workspaces().create(REQUEST);
            SortedMap<String, String> made = tree(root);
            assertThat(made).containsKeys("workspaces/x/.angee/angee.yaml", "workspaces/x/link", ".env");
            angee.workspaces().destroy("x", DestroyOptions.discardingWork());
            Files.writeString(root.resolve("angee.yaml"), manifest);
            return made;
        }
    }

    /** All but templates and locks; of what is made up, that it is there. */
    private static SortedMap<String, String> tree(Path root) throws IOException {
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path each : walk.toList()) {
                String path = root.relativize(each).toString();
                boolean isFolder = Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS);
                boolean isOther = path.startsWith("templates/") || path.endsWith(".lock");
                if (Files.isSymbolicLink(each)) {
                    tree.put(path, "->" + Files.readSymbolicLink(each));
                } else if (path.equals(".env")) {
                    tree.put(path, Files.readString(each).replaceAll("=.*", "="));
                } else if (path.equals("run/workspaces/x.json")) { // whose maps have no order
                    tree.put(
                            path,
                            Files.readAllLines(each).stream()
                                    .map(line -> line.replaceFirst(",$", ""))
                                    .sorted()
                                    .toList()
                                    .toString());
                } else if (!isFolder && !isOther) {
                    tree.put(path, new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
                } else if (isFolder && path.startsWith("workspaces/")) {
                    tree.put(path + "/", "");
                }
            }
        }
        return tree;
    }

    private static void write(Path root) throws IOException {
        Files.writeString(root.resolve("angee.yaml"), "name: test\n");
        Path workspace = Files.createDirectories(root.resolve("templates/workspaces/t"));
        Files.createDirectories(root.resolve("elsewhere"));
        Files.writeString(workspace.resolve("copier.yml"), """
                _templates_suffix: .tpl
                _angee:
                  kind: workspace
                  chain_root: .angee
                  chain: [{ template: stacks/s, inputs: { port: "${alloc.web}" } }]
                  ensure: { operator.port_pool.web: { range: "42300-42399" } }
                  sources: { link: { path: elsewhere } }
                  persist: { data: { subpath: data } }
                who: { type: str }
                token: { type: secret, generated: true }
                """);
        for (String file : List.of("a", "b", "c/d")) {
            Files.createDirectories(workspace.resolve(file).resolveSibling(""));
            Files.writeString(workspace.resolve(file + ".tpl"), "{{ who }} {{ token }}");
        }
        Path stack = Files.createDirectories(root.resolve("templates/stacks/s"));
        Files.writeString(stack.resolve("copier.yml"), "_templates_suffix: .tpl\n_angee: { kind: stack }\n");
        Files.writeString(
                stack.resolve("angee.yaml.tpl"),
                "name: inner\nservices:\n  web: { runtime: container, image: i, env: { P: \"{{ port }}\" } }\n");
    }
}

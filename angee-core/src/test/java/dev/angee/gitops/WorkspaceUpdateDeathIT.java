package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.instance.Angee;
import dev.angee.internal.FileTree;
import dev.angee.render.TemplateUpdate;
import dev.angee.template.BracesRenderer;
import dev.angee.workspace.WorkspaceRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM is killed while it updates a workspace; whoever opens the root next finds it as it was, or as it was to be. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WorkspaceUpdateDeathIT {
    private static final int ROUNDS = 12;
    private static final int FILES = 120;

    @TempDir
    private Path folder;

    /** Updates to one revision and the next, until it is killed. */
    static final class Doomed {
        private Doomed() {}

        public static void main(String[] arguments) throws IOException {
            try (Angee angee = open(Path.of(arguments[0]), Path.of(arguments[1]))) {
                System.out.println("open");
                for (int revision = Integer.parseInt(arguments[2]); ; revision++) {
                    angee.workspaces()
                            .update("x", TemplateUpdate.standard().input("revision", String.valueOf(revision)));
                }
            }
        }
    }

    private static Angee open(Path root, Path state) {
        return Angee.builder(root)
                .sourceControl(new MemorySourceControl())
                .renderer(new BracesRenderer())
                .stateFolder(state)
                .build();
    }

    @Test
    void files_and_record_are_of_one_revision() throws Exception {
        Path root = Files.createDirectories(folder.toRealPath().resolve("root"));
        Path state = folder.resolve("state");
        write(root);
        try (Angee angee = open(root, state)) {
            angee.workspaces().create(WorkspaceRequest.named("x").template("t").input("revision", "0"));
        }
        Random random = new Random(7);
        int settled = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            killed(root, state, round * 1000, random.nextInt(400));
            try (Angee angee = open(root, state)) {
                settled += angee.recovered().settled().size();
                assertThat(angee.recovered().failed()).isEmpty();
                String revision = onlyRevision(root.resolve("workspaces/x"));
                assertThat(Files.readString(root.resolve("run/workspaces/x.json")))
                        .contains("\"revision\" : \"" + revision + "\"");
                assertThat(angee.workspaces()
                                .previewUpdate("x", TemplateUpdate.standard())
                                .changes())
                        .as("what is remembered is what is there")
                        .isEmpty();
            }
        }
        assertThat(settled).as("some of them died in the middle").isPositive();
    }

    private static void killed(Path root, Path state, int revision, int after)
            throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Doomed.class.getName(),
                        root.toString(),
                        state.toString(),
                        String.valueOf(revision)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("open");
            do { // an update has begun
                assertThat(jvm.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
            } while (FileTree.isEmptyFolder(root.resolve("run/changes")));
            assertThat(jvm.waitFor(after, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    private static String onlyRevision(Path workspace) throws IOException {
        TreeSet<String> contents = new TreeSet<>();
        try (Stream<Path> files = Files.walk(workspace)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).as("nothing is left beside the files").hasSize(FILES);
            for (Path file : all) {
                contents.add(Files.readString(file));
            }
        }
        assertThat(contents).hasSize(1);
        return contents.first();
    }

    private static void write(Path root) throws IOException {
        Files.writeString(root.resolve("angee.yaml"), "name: test\n");
        Path template = Files.createDirectories(root.resolve("templates/workspaces/t"));
        Files.writeString(
                template.resolve("copier.yml"),
                "_templates_suffix: .tpl\n_angee: { kind: workspace }\nrevision: { type: str }\n");
        for (int i = 0; i < FILES; i++) {
            Files.writeString(template.resolve(i + ".tpl"), "{{ revision }}");
        }
    }
}

package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintPlanIT {
    @TempDir
    Path root;

    @Test
    void a_broken_manifest_reports_every_problem_exits_2_and_writes_nothing() throws Exception {
        Files.writeString(root.resolve("angee.yaml"), """
                name: shop
                services:
                  web:
                    runtime: local
                    comand: [serve]
                    command: [serve]
                    mounts: ["source://apq:/src"]
                    healthcheck: { http: { port: 99999 } }
                  db: { runtime: container, image: db, ports: ["70000:80"] }
                ports:
                  web: { value: 123456 }
                """);
        try (RunningProgram print = RunningProgram.start(PrintPlan.class, root, root, root.toString())) {
            assertThat(print.exitCode()).isEqualTo(2);
            assertThat(print.output())
                    .contains("angee.yaml:5:5  services.web.comand: is not a known key. Did you mean 'command'?")
                    .contains("angee.yaml:7:14  services.web.mounts[0]: source 'apq' is not declared (declared: none)")
                    .contains("angee.yaml:11:17  ports.web.value: 123456 is not between 0 and 65535")
                    .contains("3 problems; nothing was changed.");
        }
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("angee.yaml");
        }
    }

    @Test
    void a_sound_manifest_is_printed_with_the_place_of_each_workload() throws Exception {
        Files.writeString(root.resolve("angee.yaml"), """
                name: shop
                ports: { web: { value: 8101 } }
                services:
                  web: { runtime: local, command: [serve, "${ports.web}"] }
                """);
        try (RunningProgram print = RunningProgram.start(PrintPlan.class, root, root, root.toString())) {
            assertThat(print.exitCode()).as(print.output()).isZero();
            assertThat(print.output())
                    .contains(
                            "stack shop-",
                            "service web (local)  # angee.yaml:4:8",
                            "command: \"serve\" \"8101\"  # angee.yaml:4:35");
        }
    }
}

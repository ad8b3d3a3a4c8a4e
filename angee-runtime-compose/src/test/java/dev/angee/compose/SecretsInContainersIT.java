package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.AwkwardValues;
import dev.angee.secret.EnvFileStore;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a real container gets, by way of the real Docker Compose, of the secrets in our env files. */
@ExtendWith(RealDocker.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SecretsInContainersIT {
    private static final int COUNT = 1_000;

    @TempDir
    Path folder;

    @Test
    void a_thousand_secrets_of_a_store_reach_a_container_by_its_env_file_exactly_R7() throws Exception {
        Path file = folder.resolve(".env");
        Files.writeString(file, "# mine\nOTHER=\"x\" # why\nexport LAST='it\\'s'\n");
        EnvFileStore store = EnvFileStore.at(file, folder.resolve("secrets.lock"));
        Map<String, String> expected = new TreeMap<>();
        StringBuilder compose = new StringBuilder(
                "services:\n  a:\n    image: " + RealDocker.IMAGE
                        + "\n    network_mode: none\n    environment:\n      V_OTHER: \"${OTHER}\"\n      V_LAST: \"${LAST}\"\n");
        for (Map.Entry<String, String> secret : values().entrySet()) {
            SecretName name = new SecretName(secret.getKey().replace('_', '-'));
            store.put(name, SecretValue.of(secret.getValue()));
            expected.put(secret.getKey(), secret.getValue());
            compose.append("      " + secret.getKey() + ": \"${" + name.variable() + "}\"\n");
        }
        expected.put("V_OTHER", "x");
        expected.put("V_LAST", "it's");
        assertThat(environmentOf(compose, file)).isEqualTo(expected);
    }

    /** The same at each call; together they have every printable character of ASCII. */
    private static Map<String, String> values() {
        Random random = new Random(2026);
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < COUNT; i++) {
            values.put("V_" + i, AwkwardValues.next(random));
        }
        for (char c = ' '; c <= '~'; c++) {
            assertThat(String.join("", values.values())).contains(String.valueOf(c));
        }
        assertThat(values.values())
                .anyMatch(v -> v.contains("\n"))
                .anyMatch(v -> v.contains("\r"))
                .anyMatch(v -> v.startsWith(" "))
                .anyMatch(v -> v.endsWith("\t"))
                .anyMatch(v -> v.contains("漢"));
        return values;
    }

    private Map<String, String> environmentOf(CharSequence compose, Path envFile)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("compose.yaml"), compose);
        List<String> command = new ArrayList<>(List.of("docker", "compose", "-p", "angee-it-" + UUID.randomUUID()));
        command.addAll(List.of("-f", file.toString(), "--env-file", envFile.toString(), "run", "--rm", "-T"));
        command.addAll(List.of("--label", RealDocker.TEST_LABEL + "=1", "a", "cat", "/proc/self/environ"));
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        byte[] environment = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        Map<String, String> variables = new TreeMap<>();
        for (String variable : new String(environment, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = variable.indexOf('=');
            if (variable.startsWith("V_")) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }
}

package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real git, as somebody else runs it: it makes what tests begin with, and judges what they come to. */
public final class OthersGit {
    private OthersGit() {}

    /** Runs git in a folder with something to read; it has to succeed. Returns what it printed. */
    public static String run(Path folder, byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        clean(builder.environment());
        Process process = builder.start();
        process.getOutputStream().write(input);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        assertThat(process.waitFor())
                .as("git %s: %s", List.of(arguments), output)
                .isZero();
        return output;
    }

    /** Makes an environment one in which git has no configuration but the repository's, and commits as others. */
    public static void clean(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("XDG_"));
        environment.putAll(Map.of(
                "GIT_CONFIG_GLOBAL",
                "/dev/null",
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "GIT_TERMINAL_PROMPT",
                "0",
                "GIT_AUTHOR_NAME",
                "Others",
                "GIT_AUTHOR_EMAIL",
                "others@example.invalid",
                "GIT_COMMITTER_NAME",
                "Others",
                "GIT_COMMITTER_EMAIL",
                "others@example.invalid",
                "LC_ALL",
                "C.UTF-8"));
    }
}

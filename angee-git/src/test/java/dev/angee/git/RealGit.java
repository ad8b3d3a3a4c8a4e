package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.OthersGit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The real git and what tests do by hand: it makes the fixtures and judges the results. */
final class RealGit {
    private RealGit() {}

    /** Runs git, which has to succeed, and returns what it printed. */
    static String git(Path folder, String... arguments) throws IOException, InterruptedException {
        return gitReading(folder, new byte[0], arguments);
    }

    static String gitReading(Path folder, byte[] input, String... arguments) throws IOException, InterruptedException {
        return OthersGit.run(folder, input, arguments);
    }

    static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** A program that leaves a trace when it is run. */
    static Path script(Path file, Path canary) throws IOException {
        write(file, "#!/bin/sh\necho \"$0 $@\" >> '" + canary + "'\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A pipe: whoever opens it to read waits for ever. */
    static void pipe(Path file) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("mkfifo", file.toString()).inheritIO().start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    static void assertSound(Path cache) throws IOException, InterruptedException {
        assertThat(git(cache, "fsck", "--full", "--strict", "--no-dangling")).doesNotContain("error", "missing");
        assertThat(git(cache, "worktree", "prune", "--dry-run", "-v")).isEmpty();
    }

    static Set<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}

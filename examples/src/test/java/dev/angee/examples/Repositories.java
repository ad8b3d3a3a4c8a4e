package dev.angee.examples;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Repositories to work on, made by the real git. */
final class Repositories {
    private Repositories() {}

    /** A small one with two commits on main. */
    static Path small(Path folder) throws Exception {
        git(Files.createDirectories(folder), "init", "-q", "-b", "main");
        Files.writeString(folder.resolve("README.md"), "# Small\n");
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(folder.resolve("src/Main.java"), "class Main {}\n");
        commit(folder, "first");
        Files.writeString(folder.resolve("src/Other.java"), "class Other {}\n");
        commit(folder, "second");
        return folder;
    }

    /** The files of somebody else's library, more than a thousand of them. */
    static Path foreign(Path folder, Class<?> library) throws Exception {
        git(Files.createDirectories(folder), "init", "-q", "-b", "trunk");
        try (InputStream jar = Files.newInputStream(Path.of(library.getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
                ZipInputStream entries = new ZipInputStream(jar)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(folder)) {
                    Files.createDirectories(file.getParent());
                    Files.copy(entries, file);
                }
            }
        }
        commit(folder, "everything");
        return folder;
    }

    static void commit(Path folder, String message) throws Exception {
        git(folder, "add", "-A");
        git(folder, "commit", "-q", "-m", message);
    }

    /** Runs git, free of the machine's configuration; what it wrote. */
    static String git(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgSign=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_SYSTEM", "/dev/null");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new AssertionError(command + " failed in " + folder + ":\n" + output);
        }
        return output;
    }
}

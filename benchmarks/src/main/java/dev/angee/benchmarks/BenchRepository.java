package dev.angee.benchmarks;

import dev.angee.source.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A repository with so many files, its remote, and a place for a cache of it. */
final class BenchRepository {
    private static final int A_FOLDER = 50;

    private final Path folder;
    private final int files;
    private final Random random = new Random(1);

    /** Makes it, with a remote that has all of it on its main branch. */
    BenchRepository(Path folder, int files) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.files = files;
        Path first = others();
        git(folder, "init", "-q", "-b", "main", first.toString());
        for (int i = 0; i < files; i++) {
            Path file = file(first, i);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text(i));
        }
        git(first, "add", "-A");
        git(first, "commit", "-q", "-m", "all");
        git(folder, "clone", "-q", "--bare", first.toString(), origin().toString());
        git(first, "remote", "add", "origin", origin().toString());
    }

    Path folder() {
        return folder;
    }

    int files() {
        return files;
    }

    Path origin() {
        return folder.resolve("origin.git");
    }

    Path cache() {
        return folder.resolve("cache.git");
    }

    private Path others() {
        return folder.resolve("others");
    }

    String head() throws Exception {
        return git(others(), "rev-parse", "HEAD").strip();
    }

    void change(Path place, int many) throws IOException {
        for (int i = 0; i < many; i++) {
            Path file = file(place, random.nextInt(files));
            Files.writeString(file, Files.readString(file) + "changed " + random.nextInt() + "\n");
        }
    }

    /** Somebody else changes so many lines at the beginnings of files. */
    void others(int many) throws Exception {
        for (int i = 0; i < many; i++) {
            Path file = file(others(), random.nextInt(files));
            Files.writeString(file, "others " + i + "\n" + Files.readString(file));
        }
        git(others(), "commit", "-q", "-a", "-m", "others");
        git(others(), "push", "-q", "origin", "main");
    }

    /** Makes so many commits of one file where something is checked out; the last of them. */
    CommitId commits(Path place, int many) throws Exception {
        for (int i = 0; i < many; i++) {
            edit(place, place + " " + i);
            git(place, "commit", "-q", "-a", "-m", "commit " + i);
        }
        return new CommitId(git(place, "rev-parse", "HEAD").strip());
    }

    /** Somebody else does, and pushes them. */
    CommitId othersCommit(int many) throws Exception {
        CommitId last = commits(others(), many);
        git(others(), "push", "-q", "origin", "main");
        return last;
    }

    void status(Path worktree) throws Exception {
        git(worktree, "status", "--porcelain=v2", "--branch", "-uall", "-z");
        git(worktree, "rev-list", "--left-right", "--count", "refs/remotes/origin/main...HEAD");
    }

    private static Path file(Path place, int number) {
        return place.resolve("d" + number / A_FOLDER / A_FOLDER)
                .resolve("e" + number / A_FOLDER % A_FOLDER)
                .resolve("file" + number + ".txt");
    }

    private static String text(int number) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 40; line++) {
            text.append("file ").append(number).append(", line ").append(line).append(" with some words in it\n");
        }
        return text.toString();
    }

    String git(Path place, String... words) throws IOException, InterruptedException {
        return run(place, true, words);
    }

    /** The same, where it may fail. */
    String tryGit(Path place, String... words) throws IOException, InterruptedException {
        return run(place, false, words);
    }

    private String run(Path place, boolean mustSucceed, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "core.fsmonitor=false",
                "-c",
                "user.name=Bench",
                "-c",
                "user.email=bench@example.invalid"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 && mustSucceed) {
            throw new IllegalStateException(command + ": " + said);
        }
        return said;
    }

    /** Changes the first file of a worktree. */
    void edit(Path place, String text) throws IOException {
        Files.writeString(file(place, 0), text + "\n");
    }

    /** Takes that back. */
    void restore(Path place) throws IOException {
        Files.writeString(file(place, 0), text(0));
    }
}

package dev.angee.git;

import dev.angee.source.FetchProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;

/**
 * The repository that a git program is given in place of a cache: a private folder with a configuration, attributes and a
 * home of ours, which for one call borrows nothing but the cache's objects. What else stands in a cache (configuration,
 * hooks, refs, records of worktrees), git never sees, so that there is nothing in it to check, and nothing that could
 * change between a check and its use.
 */
final class GitStage implements AutoCloseable {
    private static final String ATTRIBUTES = "* -filter -ident -working-tree-encoding !diff\n";

    private final GitProgram program;
    private final PrivateFolder place;
    private final Path folder;
    private Optional<PrivateFolder> secrets = Optional.empty();
    private final Map<String, String> variables = new LinkedHashMap<>();

    private GitStage(GitProgram program, PrivateFolder place) {
        this.program = program;
        this.place = place;
        this.folder = place.path();
    }

    /** A stage without any objects. */
    static GitStage empty(GitProgram program) throws IOException {
        GitStage stage = new GitStage(program, PrivateFolder.makeForNow());
        try {
            stage.write("config", GitSettings.TEXT);
            stage.write("HEAD", "ref: refs/heads/(none)\n");
            stage.write("info/attributes", ATTRIBUTES);
            Files.createDirectory(stage.folder.resolve("refs"));
            Files.createDirectories(stage.folder.resolve("objects/info"));
            stage.variables.put("GIT_DIR", stage.folder.toString());
            stage.variables.put("HOME", stage.folder.toString());
            return stage;
        } catch (IOException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    /** One that reads the cache's objects, and writes new ones there. */
    static GitStage over(GitProgram program, Path cache) throws IOException {
        CacheLayout.checkObjects(cache);
        GitStage stage = empty(program);
        stage.variables.put("GIT_OBJECT_DIRECTORY", cache.resolve("objects").toString());
        stage.copyShallow(cache);
        return stage;
    }

    /** One that reads the cache's objects, and keeps new ones to itself. */
    static GitStage beside(GitProgram program, Path cache) throws IOException {
        CacheLayout.checkObjects(cache);
        GitStage stage = empty(program);
        stage.write("objects/info/alternates", cache.resolve("objects") + "\n");
        stage.copyShallow(cache);
        return stage;
    }

    private void copyShallow(Path cache) throws IOException {
        Path shallow = cache.resolve("shallow");
        if (Files.isRegularFile(shallow, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(shallow, folder.resolve("shallow"), LinkOption.NOFOLLOW_LINKS);
        }
    }

    Path folder() {
        return folder;
    }

    /** The index that git works on. */
    Path index() {
        return folder.resolve("index");
    }

    GitProgram program() {
        return program;
    }

    /** Works on the files of a worktree, by the rules that its cache has for them. */
    GitStage withFiles(Path worktree, Repository repository) throws IOException {
        if (variables.put("GIT_WORK_TREE", worktree.toString()) == null) {
            FileRules rules = new FileRules(repository);
            configure(rules.settings());
            Files.writeString(folder.resolve("info").resolve("exclude"), rules.ignored(), StandardCharsets.ISO_8859_1);
        }
        return this;
    }

    GitStage with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Writes a file that nobody else may read. */
    Path write(String name, String text) throws IOException {
        return write(folder.resolve(name), text);
    }

    /** The same, but where there is a place for that, the file is in memory alone. */
    Path writeSecret(String name, String text) throws IOException {
        if (secrets.isEmpty()) {
            secrets = Optional.of(PrivateFolder.makeForSecrets());
        }
        return write(secrets.get().path().resolve(name), text);
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.notExists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.TRUNCATE_EXISTING);
    }

    void configure(String text) throws IOException {
        Files.writeString(folder.resolve("config"), text, StandardOpenOption.APPEND);
    }

    /** Runs a command, however it ends. */
    GitResult run(GitCommand command) throws IOException {
        return program.run(command, folder, variables, Optional.empty(), FetchProgress.none());
    }

    GitResult run(GitCommand command, FetchProgress progress) throws IOException {
        return program.run(command, folder, variables, Optional.empty(), progress);
    }

    /** Runs a command that has to succeed. */
    GitResult require(GitCommand command) throws IOException {
        return succeeded(command, run(command));
    }

    GitResult requireReading(GitCommand command, byte[] input) throws IOException {
        Path file = folder.resolve("input");
        Files.write(file, input);
        return succeeded(command, program.run(command, folder, variables, Optional.of(file), FetchProgress.none()));
    }

    static GitResult succeeded(GitCommand command, GitResult result) throws IOException {
        if (!result.succeeded()) {
            throw failure(command, result);
        }
        return result;
    }

    static IOException failure(GitCommand command, GitResult result) {
        return new IOException(command.name() + " failed (exit code " + result.exitCode() + "): " + result.complaint());
    }

    @Override
    public void close() throws IOException {
        try (place) {
            if (secrets.isPresent()) {
                secrets.get().close();
            }
        }
    }
}

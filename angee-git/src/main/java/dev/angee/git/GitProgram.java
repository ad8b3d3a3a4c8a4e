package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.FetchProgress;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The git program. It gets an environment that is made from nothing, a private folder for a home, no terminal, and nobody
 * to ask; it is found once, and by absolute path ever after.
 *
 * @param file the program
 * @param version its version
 * @param ssh the ssh program, if there is one
 * @param agentSocket where the host's ssh-agent listens; empty if there is none. Not told to git by itself
 * @param environment the variables that it gets in every run
 */
record GitProgram(Path file, Version version, Optional<Path> ssh, String agentSocket, Map<String, String> environment) {
    private static final Pattern VERSION = Pattern.compile("git version (\\d{1,5})\\.(\\d{1,5})(?:\\.(\\d{1,5}))?.*");

    /** The first that merges in the object store alone ({@code merge-tree --write-tree}). */
    static final Version OLDEST = new Version(2, 38, 0);

    /** What a host may say about the way to remotes; everything else of its environment stays away from git. */
    private static final List<String> PASSED_ON = List.of(
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "no_proxy",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");

    /** What was found where git was looked for. */
    record Search(Optional<GitProgram> found, String reason) {}

    /** A version of git. */
    record Version(int major, int minor, int patch) implements Comparable<Version> {
        /** From what {@code git version} prints. */
        static Optional<Version> parse(String printed) {
            Matcher matcher = VERSION.matcher(printed.lines().findFirst().orElse(""));
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String patch = matcher.group(3) == null ? "0" : matcher.group(3);
            return Optional.of(new Version(
                    Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), Integer.parseInt(patch)));
        }

        @Override
        public int compareTo(Version other) {
            return Arrays.compare(new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
        }

        @Override
        public String toString() {
            return major + "." + minor + "." + patch;
        }
    }

    /** Looks for a git that is good enough on the {@code PATH} of an environment. */
    static Search find(Map<String, String> host) {
        List<Path> folders = foldersOf(host.getOrDefault("PATH", ""));
        Optional<Path> file = programIn(folders, "git");
        if (file.isEmpty()) {
            return new Search(Optional.empty(), "there is no git program on the PATH");
        }
        Map<String, String> environment = environment(host, folders);
        Optional<Version> version = versionOf(file.get(), environment);
        if (version.isEmpty()) {
            return new Search(Optional.empty(), "'" + file.get() + "' does not tell its version");
        }
        if (version.get().compareTo(OLDEST) < 0) {
            return new Search(
                    Optional.empty(),
                    "'" + file.get() + "' is git " + version.get() + ", and " + OLDEST + " is the oldest that will do");
        }
        Optional<Path> ssh = programIn(folders, "ssh");
        return new Search(
                Optional.of(new GitProgram(
                        file.get(), version.get(), ssh, host.getOrDefault("SSH_AUTH_SOCK", ""), environment)),
                "'" + file.get() + "' was found on the PATH");
    }

    /** Only absolute ones: a relative one would be looked up in a folder that may be an agent's. */
    private static List<Path> foldersOf(String path) {
        List<Path> folders = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (entry.startsWith("/") && entry.indexOf('\0') < 0) {
                folders.add(Path.of(entry));
            }
        }
        return folders;
    }

    private static Optional<Path> programIn(List<Path> folders, String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Map<String, String> environment(Map<String, String> host, List<Path> folders) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        PASSED_ON.stream().filter(host::containsKey).forEach(name -> environment.put(name, host.get(name)));
        environment.putAll(Map.of("LC_ALL", "C", "HOME", "/nonexistent", "TERM", "dumb"));
        environment.putAll(Map.of(
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_SYSTEM", "/dev/null",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_ATTR_NOSYSTEM", "1",
                "GIT_TERMINAL_PROMPT", "0"));
        environment.putAll(Map.of(
                "GIT_EDITOR", ":",
                "GIT_SEQUENCE_EDITOR", ":",
                "GIT_PAGER", "cat",
                "GIT_OPTIONAL_LOCKS", "0",
                "GIT_NO_LAZY_FETCH", "1",
                "GIT_NO_REPLACE_OBJECTS", "1",
                "GIT_PROTOCOL_FROM_USER", "0",
                "GIT_ALLOW_PROTOCOL", "none",
                "GIT_MERGE_AUTOEDIT", "no"));
        return Map.copyOf(environment);
    }

    private static Optional<Version> versionOf(Path file, Map<String, String> environment) {
        GitProgram unknown = new GitProgram(file, new Version(0, 0, 0), Optional.empty(), "", environment);
        try {
            GitResult result =
                    unknown.run(GitCommand.version(), Path.of("/"), Map.of(), Optional.empty(), FetchProgress.none());
            return result.succeeded() ? Version.parse(result.text()) : Optional.empty();
        } catch (IOException | AngeeException e) {
            return Optional.empty(); // A file that cannot be run is no git; the search says so.
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param folder where; never one that somebody else can write to
     * @param variables more of its environment
     * @param input the file that is its standard input; empty for nothing
     * @param progress is told, from this thread, how it comes along
     * @throws AngeeException {@code UNAVAILABLE} after the command's deadline, {@code FAILED} if interrupted; the program
     *     and all that it started are gone then
     */
    GitResult run(
            GitCommand command,
            Path folder,
            Map<String, String> variables,
            Optional<Path> input,
            FetchProgress progress)
            throws IOException {
        List<String> line = new ArrayList<>(List.of(file.toString()));
        line.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.redirectInput(input.map(Path::toFile).orElse(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot start '" + file + "': " + e.getMessage(), e);
        }
        return new GitRun(process, command, progress).await();
    }

    @Override
    public String toString() {
        return "git " + version;
    }
}

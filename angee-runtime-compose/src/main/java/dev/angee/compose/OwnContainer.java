package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.mount.HostPaths;
import dev.angee.plan.ProjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The container that this process runs in, if it does. No system call tells its id; but it shows in the names of what the
 * engine gives a container, and which of these there are depends on the engine and on the version of cgroups.
 *
 * @param files the text of a file of the kernel; empty if there is none
 */
record OwnContainer(Function<Path, Optional<String>> files) {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Path CGROUP = Path.of("/proc/self/cgroup");
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** The files that every engine keeps for a container and mounts in it: only where they are mounted do they count. */
    private static final Set<String> GIVEN = Set.of("/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

    private static final Pattern KEPT = Pattern.compile("/(?:overlay-)?containers/([0-9a-f]{64})/");
    private static final Pattern GROUP = Pattern.compile("(?:^|[/-])([0-9a-f]{64})(?:\\.scope)?(?=/|$)");
    private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{12}");

    /** Where paths of this process are for the engine. Asks it only if this process seems to run in a container. */
    HostPaths hostPaths(ComposeSettings settings) throws InterruptedException {
        Collection<String> ids = ids();
        return ids.isEmpty() ? HostPaths.identity() : hostPaths(ids, settings);
    }

    /**
     * The engine's socket as the engine knows it: the one that is mounted here may be called otherwise there. Taken to be
     * called the same where that cannot be told.
     */
    Optional<Path> socket(ComposeSettings settings) throws InterruptedException {
        Optional<Path> here = settings.socket();
        HostPaths paths = hostPaths(settings);
        return here.flatMap(paths::find).or(() -> here);
    }

    /**
     * Where the paths of the first of some containers that the engine knows are; identity if it knows none.
     *
     * @throws AngeeException {@code UNAVAILABLE} if the engine does not answer
     */
    static HostPaths hostPaths(Collection<String> ids, ComposeSettings settings) throws InterruptedException {
        ComposeProject nobody = new ComposeProject(new ProjectName("own-container"), Path.of("/"));
        ExecutorService workers = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "angee-compose own container");
            thread.setDaemon(true);
            return thread;
        });
        try (Engine engine = new Engine(settings, nobody, workers)) {
            for (String id : ids) {
                Optional<HostPaths> mounts = engine.mounts(id);
                if (mounts.isPresent()) {
                    return mounts.get();
                }
            }
            return HostPaths.identity();
        } finally {
            workers.shutdownNow();
        }
    }

    /** What could be the id of our container, the surest first; empty if we run in none. */
    Collection<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        lines(MOUNTS).forEach(line -> fromMount(line).ifPresent(ids::add));
        lines(CGROUP).forEach(line -> fromGroup(line).ifPresent(ids::add));
        lines(HOST_NAME).map(String::strip).filter(SHORT_ID.asMatchPredicate()).forEach(ids::add);
        return ids;
    }

    /** {@code 36 35 98:0 /docker/containers/<id>/hostname /etc/hostname rw,…}. */
    private static Optional<String> fromMount(String line) {
        List<String> fields = List.of(line.split(" ", 6));
        if (fields.size() < 6 || !GIVEN.contains(fields.get(4))) {
            return Optional.empty();
        }
        return last(KEPT, fields.get(3));
    }

    /** {@code 5:memory:/docker/<id>}, {@code 0::/system.slice/docker-<id>.scope}. The innermost of several is ours. */
    private static Optional<String> fromGroup(String line) {
        String[] fields = line.split(":", 3);
        return fields.length < 3 ? Optional.empty() : last(GROUP, fields[2]);
    }

    private static Optional<String> last(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        Optional<String> found = Optional.empty();
        while (matcher.find()) {
            found = Optional.of(matcher.group(1));
        }
        return found;
    }

    private java.util.stream.Stream<String> lines(Path file) {
        return files.apply(file).stream().flatMap(String::lines);
    }

    /** The text of a file of the kernel; empty if there is none. */
    static Optional<String> read(Path file) {
        try {
            // As Latin-1, because a mount point may hold any bytes.
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e, e);
        }
    }
}

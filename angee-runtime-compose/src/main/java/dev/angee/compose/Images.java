package dev.angee.compose;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of workloads, on the engine before anything is made from them: those that are missing are fetched, those with
 * a recipe are built. Needs no lock: none of it belongs to a project.
 */
final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final ComposeProject project;
    private final Engine engine;
    private final DockerCli cli;

    Images(ComposeProject project, Engine engine, DockerCli cli) {
        this.project = project;
        this.engine = engine;
        this.cli = cli;
    }

    /**
     * Fetches and builds what the workloads need.
     *
     * @param file the text of a Compose file that holds them
     * @throws AngeeException {@code FAILED}, naming the workload and its image, if one is neither here nor to be had, or
     *     cannot be built
     */
    void prepare(Collection<Workload> workloads, String file, Deadline deadline, ProgressListener progress)
            throws InterruptedException {
        fetch(workloads, file, deadline, progress);
        build(workloads, file, deadline, progress);
    }

    /** Builds those that have a recipe. What has not changed since it was built last is taken from the engine's cache. */
    void build(Collection<Workload> workloads, String file, Deadline deadline, ProgressListener progress)
            throws InterruptedException {
        List<Workload> built = workloads.stream()
                .filter(w -> w.launch() instanceof Launch.Build)
                .toList();
        if (built.isEmpty()) {
            return;
        }
        built.forEach(Images::requireContext);
        built.forEach(w -> progress.on(new Progress.Building(w.name())));
        ComposeCommand command = ComposeCommand.build(
                project, file, built.stream().map(Workload::name).toList());
        CliResult result = cli.run(command, deadline);
        if (result.wasKilled()) {
            throw late("the images of these were still being built", built, deadline);
        }
        if (!result.succeeded()) {
            throw CliFailure.of(project, command, result);
        }
    }

    private void fetch(Collection<Workload> workloads, String file, Deadline deadline, ProgressListener progress)
            throws InterruptedException {
        List<Workload> missing = missing(workloads);
        if (missing.isEmpty()) {
            return;
        }
        missing.forEach(w -> progress.on(new Progress.Pulling(w.name(), image(w))));
        ComposeCommand command = ComposeCommand.pull(
                project, file, missing.stream().map(Workload::name).toList());
        CliResult result = cli.run(command, deadline);
        if (result.wasKilled()) {
            throw late("the images of these were still being fetched", missing, deadline);
        }
        List<Workload> left = missing(missing);
        if (!left.isEmpty()) {
            throw refusal(left.get(0), CliFailure.of(project, command, result));
        }
        LOG.debug("fetched the images of {}", missing);
    }

    /** Why the registry, if there is one, did not give it, is the cause: it may be long, and says nothing of the way out. */
    private static AngeeException refusal(Workload workload, AngeeException cause) {
        return new AngeeException(
                ErrorCode.FAILED,
                called(workload) + ": its image '" + image(workload)
                        + "' is not on this engine, and cannot be fetched: "
                        + "build it, load it with 'docker load', or mend its name (" + cause.getMessage() + ")",
                cause);
    }

    private List<Workload> missing(Collection<Workload> workloads) throws InterruptedException {
        Map<String, Boolean> there = new TreeMap<>();
        for (Workload each : workloads) {
            if (each.launch() instanceof Launch.Image image && !there.containsKey(image.image())) {
                there.put(image.image(), isThere(image.image()));
            }
        }
        return workloads.stream()
                .filter(w -> w.launch() instanceof Launch.Image)
                .filter(w -> Boolean.FALSE.equals(there.get(image(w))))
                .toList();
    }

    private boolean isThere(String image) throws InterruptedException {
        return engine.ask("for an image", client -> {
            try {
                client.inspectImageCmd(image).exec();
                return true;
            } catch (NotFoundException e) {
                return false;
            }
        });
    }

    private static String image(Workload workload) {
        return workload.launch() instanceof Launch.Image image ? image.image() : "";
    }

    /** Compose does not say whose folder is missing (2.26). */
    static void requireContext(Workload workload) {
        if (workload.launch() instanceof Launch.Build build && !Files.isDirectory(build.context())) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    called(workload) + ": there is no folder " + build.context()
                            + " to build from: make it, or mend 'build.context'");
        }
    }

    private static String called(Workload workload) {
        return (workload.isJob() ? "job '" : "service '") + workload.name() + "'";
    }

    private static AngeeException late(String what, List<Workload> workloads, Deadline deadline) {
        return new AngeeException(
                ErrorCode.FAILED,
                "not done after " + Deadline.spell(deadline.limit()) + ": " + what + ": "
                        + String.join(
                                ", ", workloads.stream().map(Workload::name).toList()) + " (give it more time)");
    }
}

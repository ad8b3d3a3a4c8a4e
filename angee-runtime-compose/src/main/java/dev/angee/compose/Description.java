package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.RuntimeKind;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.Feature;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether the Docker engine and Compose 2 are there. Answers within half a minute, whatever is wrong. */
final class Description {
    static final String NAME = "Docker Compose";

    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\..*");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Engine engine;
    private final DockerCli cli;
    private final Set<Feature> features;

    /** @param features what is honoured, also while the engine cannot be reached */
    Description(Engine engine, DockerCli cli, Set<Feature> features) {
        this.engine = engine;
        this.cli = cli;
        this.features = features;
    }

    BackendInfo read() throws InterruptedException {
        return usability().features(features);
    }

    private BackendInfo usability() throws InterruptedException {
        try {
            CliResult result = cli.run(ComposeCommand.version(), Deadline.after(PATIENCE));
            String compose = result.stdout().strip();
            Matcher version = VERSION.matcher(compose);
            if (!result.succeeded() || !version.matches() || Integer.parseInt(version.group(1)) < 2) {
                return unusable("'docker compose' of version 2 or later is not installed: install Docker's compose"
                        + " plugin (the docker-compose program of version 1 will not do)");
            }
            return BackendInfo.usable(RuntimeKind.CONTAINER, NAME + " " + compose + ", engine " + engine.version());
        } catch (AngeeException e) {
            return unusable(String.valueOf(e.getMessage()));
        }
    }

    private static BackendInfo unusable(String problem) {
        return BackendInfo.unusable(RuntimeKind.CONTAINER, NAME, problem);
    }
}

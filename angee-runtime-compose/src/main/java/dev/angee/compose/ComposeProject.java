package dev.angee.compose;

import dev.angee.plan.ProjectName;
import java.nio.file.Path;

/**
 * One stack, as Compose knows it.
 *
 * @param name its project name
 * @param root its absolute root
 */
record ComposeProject(ProjectName name, Path root) {
    static final String FILE_NAME = "docker-compose.yaml";

    ComposeProject {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("the root must be absolute: " + root);
        }
    }

    /** Where the compiled file is. */
    Path file() {
        return root.resolve(FILE_NAME);
    }

    /** Where this host's own state is kept. */
    Path run() {
        return root.resolve("run");
    }
}

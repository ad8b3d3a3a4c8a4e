package dev.angee.examples;

import dev.angee.RuntimeKind;
import java.nio.file.Path;

/**
 * What the circle is shown on.
 *
 * @param repository the repository to work on: a URL or a path
 * @param runtime where the services run
 * @param image the image for containers; one with a shell, httpd, grep and wget
 * @param root the folder to make the instance in; it does not exist yet
 */
record QuickstartOptions(String repository, RuntimeKind runtime, String image, Path root) {}

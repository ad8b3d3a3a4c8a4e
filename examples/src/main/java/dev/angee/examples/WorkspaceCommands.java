package dev.angee.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.RuntimeKind;
import dev.angee.workspace.WorkspaceRequest;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the bundled template runs in a workspace: our two classes by the same java, or a container's own tools. */
final class WorkspaceCommands {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final QuickstartOptions options;
    private final String line;

    /**
     * Commands for some options.
     *
     * @param line what the check job looks for
     */
    WorkspaceCommands(QuickstartOptions options, String line) {
        this.options = options;
        this.line = line;
    }

    WorkspaceRequest request(String name, String base) {
        boolean container = options.runtime() == RuntimeKind.CONTAINER;
        return WorkspaceRequest.named(name)
                .template("dev")
                .input("base", base)
                .input("runtime", options.runtime().id())
                .input("image", container ? options.image() : "")
                .input("serve", json(container ? serveInContainer(name) : serveHere(name)))
                .input("check", json(container ? checkInContainer() : java("LineCheck", line)));
    }

    private static List<String> serveHere(String name) {
        return java("FileServer", "${ports.web}", name, "${source.app.path}");
    }

    private List<String> checkInContainer() {
        return List.of("sh", "-c", "grep -sxF \"$0\" ./*", line);
    }

    /** The page / names the workspace, and /app/ holds its files, as {@link FileServer} does it. */
    private static List<String> serveInContainer(String name) {
        String script = "mkdir -p /tmp/www && ln -s /srv/app /tmp/www/app && echo " + name
                + " > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www";
        return List.of("sh", "-c", script);
    }

    private static List<String> java(String type, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ownClasses().toString(),
                "dev.angee.examples." + type));
        words.addAll(List.of(arguments));
        return words;
    }

    private static Path ownClasses() {
        try {
            return Path.of(WorkspaceCommands.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("these classes come from nowhere", e);
        }
    }

    private static String json(List<String> words) {
        try {
            return JSON.writeValueAsString(words);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of texts is always JSON", e);
        }
    }
}

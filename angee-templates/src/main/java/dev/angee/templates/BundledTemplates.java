package dev.angee.templates;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateFiles;
import dev.angee.template.TemplateLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The templates in this jar: {@code workspaces/dev}, a worktree of one source with a stack of its own, and
 * {@code stacks/dev}, that stack; {@code stacks/local}, a central instance in containers; and services of a workspace:
 * {@code services/agent-claude}, {@code agent-codex} and {@code agent-opencode}, {@code services/web-go} and
 * {@code web-php}.
 *
 * <p>A jar has no folders to list, and a repackaged one even less, so {@code bundled/index.txt} names every file. A name
 * is looked up there and nowhere else: one with {@code ..} or a leading {@code /} is simply not known.
 *
 * <p>Thread-safe.
 */
public final class BundledTemplates implements TemplateLibrary {
    private static final String HOME = "bundled/";
    private static final String INDEX = "index.txt";
    private static final String EXECUTABLE = "x ";

    private final Map<String, List<TemplateFile>> templates;

    /** The templates in this jar. */
    public BundledTemplates() {
        this(new String(resource(INDEX), StandardCharsets.UTF_8));
    }

    /** The files that an index names: one path per line, after {@code "x "} if it is executable. */
    BundledTemplates(String index) {
        Map<String, List<TemplateFile>> found = new TreeMap<>();
        index.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            boolean executable = line.startsWith(EXECUTABLE);
            String path = executable ? line.substring(EXECUTABLE.length()) : line;
            int end = path.indexOf('/', path.indexOf('/') + 1); // after <family>/<name>
            found.computeIfAbsent(path.substring(0, end), ref -> new ArrayList<>())
                    .add(new TemplateFile(path.substring(end + 1), resource(path), executable));
        });
        this.templates = found;
    }

    @Override
    public List<String> list() {
        return List.copyOf(templates.keySet());
    }

    @Override
    public Optional<TemplateFiles> find(String ref) {
        return Optional.ofNullable(templates.get(ref)).map(files -> new TemplateFiles(ref, files));
    }

    private static byte[] resource(String path) {
        try (InputStream in = BundledTemplates.class.getResourceAsStream(HOME + path)) {
            if (in != null) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.FAILED, "bundled template file " + path + ": cannot be read", e);
        }
        throw new AngeeException(
                ErrorCode.FAILED,
                "bundled template file " + path + " is missing; keep dev/angee/templates/bundled when repackaging");
    }
}

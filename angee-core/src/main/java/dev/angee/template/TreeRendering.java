package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One rendering of all files of a template. */
final class TreeRendering {
    private static final int BINARY_CHECK = 8 * 1024;
    private static final int LINKS = 40; // as many as the kernel follows

    private final Template template;
    private final TreeFormat format;
    private final TemplateRenderer renderer;
    private final Map<String, Object> context;
    private final PathPatterns excluded;
    private final Map<String, TemplateFile> all = new TreeMap<>();
    private final Map<String, TemplateFile> includable = new HashMap<>();

    TreeRendering(Template template, TemplateRenderer renderer, Map<String, Object> context) {
        this.template = template;
        this.format = template.metadata().format();
        this.renderer = renderer;
        this.context = context;
        this.excluded = new PathPatterns(format.excluded().stream()
                .map(pattern -> rendered("_exclude", pattern))
                .toList());
        template.files().files().forEach(file -> all.put(file.path(), file));
        includable.putAll(all);
        template.files().shared().forEach(file -> includable.put(file.path(), file));
    }

    List<TemplateFile> files() {
        String folder = format.subdirectory().isEmpty() ? "" : format.subdirectory() + "/";
        Map<String, TemplateFile> result = new TreeMap<>();
        for (TemplateFile file : all.values()) {
            if (file.path().startsWith(folder)) {
                add(result, file, file.path().substring(folder.length()));
            }
        }
        return new ArrayList<>(result.values());
    }

    private void add(Map<String, TemplateFile> result, TemplateFile file, String written) {
        String path = path(written);
        if (path.isEmpty() || excluded.match(path)) {
            return;
        }
        if (file.link().isEmpty()) {
            result.put(path, new TemplateFile(path, content(file), file.executable()));
        } else if (format.preserveLinks()) {
            boolean isTemplate = file.path().endsWith(format.suffix());
            String target = file.link().get();
            result.put(path, TemplateFile.link(path, isTemplate ? rendered(file.path(), target) : target));
        } else {
            follow(result, file, written);
        }
    }

    /** What a link leads to, in its place. */
    private void follow(Map<String, TemplateFile> result, TemplateFile link, String written) {
        String target = target(link);
        TemplateFile file = all.get(target);
        if (file != null) {
            add(result, new TemplateFile(link.path(), file.content(), file.executable()), written);
            return;
        }
        List<TemplateFile> inside = all.values().stream()
                .filter(each -> each.path().startsWith(target + "/"))
                .toList();
        if (inside.isEmpty() || link.path().startsWith(target + "/")) {
            throw outside(link);
        }
        for (TemplateFile each : inside) {
            String rest = each.path().substring(target.length());
            add(
                    result,
                    new TemplateFile(link.path() + rest, each.content(), each.executable(), each.link()),
                    written + rest);
        }
    }

    private String target(TemplateFile link) {
        TemplateFile current = link;
        for (int i = 0; i < LINKS; i++) {
            String target =
                    resolved(current.path(), current.link().orElseThrow()).orElseThrow(() -> outside(link));
            TemplateFile next = all.get(target);
            if (next == null || next.link().isEmpty()) {
                return target;
            }
            current = next;
        }
        throw outside(link);
    }

    private AngeeException outside(TemplateFile link) {
        return new InvalidInputException(
                "template",
                template.ref() + "/" + link.path() + ": the link leads to '"
                        + link.link().orElse("")
                        + "', which is no file of the template; set _preserve_symlinks to keep it as it is");
    }

    /** A path from a file to another, from the top of the template; empty if it is absolute. */
    private static Optional<String> resolved(String from, String path) {
        if (path.startsWith("/")) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>(List.of(from.split("/", -1)));
        parts.remove(parts.size() - 1);
        for (String part : path.split("/", -1)) {
            boolean up = part.equals("..");
            if (up && !parts.isEmpty() && !parts.get(parts.size() - 1).equals("..")) {
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return Optional.of(String.join("/", parts));
    }

    /** Paths are rendered part by part, without the suffix; one that becomes empty is no path at all. */
    private String path(String written) {
        String stripped = written.endsWith(format.suffix())
                        && !written.equals(format.suffix())
                        && !written.endsWith("/" + format.suffix())
                ? written.substring(0, written.length() - format.suffix().length())
                : written;
        List<String> parts = new ArrayList<>();
        for (String part : stripped.split("/", -1)) {
            String rendered = rendered(written, part);
            if (rendered.isEmpty()) {
                return "";
            }
            parts.add(rendered);
        }
        String path = String.join("/", parts);
        if (path.startsWith("/")
                || path.indexOf('\0') >= 0
                || List.of(path.split("/", -1)).contains("..")) {
            throw new InvalidInputException("template", "'" + written + "' would be rendered to '" + path + "'");
        }
        return path;
    }

    private String rendered(String name, String text) {
        return renderer.render(new TemplateText(template.ref() + "/" + name, text), context, this::included);
    }

    private byte[] content(TemplateFile file) {
        if (!file.path().endsWith(format.suffix()) || isBinary(file.content())) {
            return file.content();
        }
        return rendered(file.path(), text(file)).getBytes(StandardCharsets.UTF_8);
    }

    private String text(TemplateFile file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.content()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AngeeException(ErrorCode.INVALID, template.ref() + "/" + file.path() + " is not UTF-8 text", e);
        }
    }

    /** Includes are looked for from the top of the template, as Copier does, and then beside what includes them. */
    private Optional<TemplateText> included(String including, String path) {
        String from = including.startsWith(template.ref() + "/")
                ? including.substring(template.ref().length() + 1)
                : including;
        return resolved("", path)
                .map(includable::get)
                .or(() -> resolved(from, path).map(includable::get))
                .filter(file -> file.link().isEmpty())
                .map(file -> new TemplateText(template.ref() + "/" + file.path(), text(file)));
    }

    private static boolean isBinary(byte[] content) {
        for (int i = 0; i < Math.min(content.length, BINARY_CHECK); i++) {
            if (content[i] == 0) {
                return true;
            }
        }
        return false;
    }
}

package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One rendering of all files of a template. */
final class TreeRendering {
    private static final int BINARY_CHECK = 8 * 1024;
    private static final int LINKS = 40; // as many as the kernel follows
    private static final int MOST_FILES = 20_000;
    private static final long MOST_BYTES = 256L * 1024 * 1024;

    private final Template template;
    private final TreeFormat format;
    private final TemplateRenderer renderer;
    private final Map<String, Object> context;
    private final PathPatterns excluded;
    private final Map<String, TemplateFile> all = new TreeMap<>();
    private final Map<String, TemplateFile> includable = new HashMap<>();
    private final Map<String, TemplateFile> result = new TreeMap<>();
    private final Map<String, String> places = new HashMap<>();
    private long bytes;

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
        String folder = subdirectory();
        for (TemplateFile file : all.values()) {
            if (file.path().startsWith(folder)) {
                add(file, file.path(), folder.length(), 0);
            }
        }
        return new ArrayList<>(result.values());
    }

    /** The folder whose content is rendered, with a slash at its end; empty for all. */
    private String subdirectory() {
        String written = rendered("_subdirectory", format.subdirectory());
        String folder = resolved("", written).orElse("..");
        boolean there = folder.isEmpty() || all.keySet().stream().anyMatch(path -> path.startsWith(folder + "/"));
        if (folder.startsWith("..") || !there) {
            throw new InvalidInputException(
                    "_subdirectory",
                    "template '" + template.ref() + "' has no folder '" + written + "' with files in it");
        }
        return folder.isEmpty() ? "" : folder + "/";
    }

    /**
     * Renders one.
     *
     * @param file what there is, at its own path
     * @param place where it appears, which is elsewhere where a link led to it
     * @param cut how much of the place is the folder that is rendered
     * @param links how many links were followed to it
     */
    private void add(TemplateFile file, String place, int cut, int links) {
        String path = path(place, cut);
        if (path.isEmpty() || excluded.match(path)) {
            return;
        }
        if (file.link().isEmpty()) {
            put(place, new TemplateFile(path, content(file, place), file.executable()));
        } else if (format.preserveLinks()) {
            String target = file.link().get();
            put(place, TemplateFile.link(path, isTemplate(place) ? rendered(place, target) : target));
        } else {
            follow(file, place, cut, links + 1);
        }
    }

    private void put(String place, TemplateFile file) {
        String other = places.getOrDefault(file.path(), "");
        if (other.equals(place + format.suffix())) {
            return; // as with Copier: what has the suffix stands in for what has the same name without it
        }
        if (!other.isEmpty() && !place.equals(other + format.suffix())) {
            throw new InvalidInputException(
                    "template",
                    "'" + template.ref() + "': '" + other + "' and '" + place + "' are both rendered to '" + file.path()
                            + "'; rename one, or make a condition of its name");
        }
        places.put(file.path(), place);
        bytes += file.content().length;
        if (result.size() >= MOST_FILES || bytes > MOST_BYTES) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    "template '" + template.ref() + "' makes more than " + MOST_FILES + " files, or more than "
                            + MOST_BYTES / 1024 / 1024 + " MiB");
        }
        result.put(file.path(), file);
    }

    /** What a link leads to, in its place. */
    private void follow(TemplateFile link, String place, int cut, int links) {
        String target = real(link).orElseThrow(() -> outside(link));
        TemplateFile file = all.get(target);
        if (file != null) {
            add(file, place, cut, links);
            return;
        }
        List<TemplateFile> inside = all.values().stream()
                .filter(each -> each.path().startsWith(target + "/"))
                .toList();
        if (inside.isEmpty() || links > LINKS || link.path().startsWith(target + "/")) {
            throw outside(link);
        }
        for (TemplateFile each : inside) {
            add(each, place + each.path().substring(target.length()), cut, links);
        }
    }

    /** Where a link leads to in the end, all links on the way followed; empty if that is outside. */
    private Optional<String> real(TemplateFile link) {
        Deque<String> rest = new ArrayDeque<>(List.of(link.link().orElseThrow().split("/", -1)));
        List<String> at = new ArrayList<>(List.of(link.path().split("/", -1)));
        at.remove(at.size() - 1);
        boolean absolute = link.link().get().startsWith("/");
        for (int followed = 0; !rest.isEmpty() && !absolute && followed <= LINKS; ) {
            String part = rest.pop();
            if (part.equals("..") && at.isEmpty()) {
                return Optional.empty();
            }
            step(at, part);
            TemplateFile there = all.get(String.join("/", at));
            if (there != null && there.link().isPresent()) {
                followed++;
                absolute = there.link().get().startsWith("/");
                at.remove(at.size() - 1);
                List<String> parts = new ArrayList<>(List.of(there.link().get().split("/", -1)));
                Collections.reverse(parts);
                parts.forEach(rest::push);
            }
        }
        return absolute || !rest.isEmpty() || at.isEmpty() ? Optional.empty() : Optional.of(String.join("/", at));
    }

    private static void step(List<String> at, String part) {
        if (part.equals("..")) {
            at.remove(at.size() - 1);
        } else if (!part.isEmpty() && !part.equals(".")) {
            at.add(part);
        }
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

    private boolean isTemplate(String place) {
        return place.endsWith(format.suffix());
    }

    /** Paths are rendered part by part, without the suffix; one that becomes empty is no path at all. */
    private String path(String place, int cut) {
        String written = place.substring(cut);
        boolean named =
                isTemplate(written) && !written.equals(format.suffix()) && !written.endsWith("/" + format.suffix());
        String stripped =
                named ? written.substring(0, written.length() - format.suffix().length()) : written;
        List<String> parts = new ArrayList<>();
        for (String part : stripped.split("/", -1)) {
            String rendered = rendered(place, part);
            if (rendered.isEmpty()) {
                return "";
            }
            parts.add(rendered);
        }
        String path = String.join("/", parts);
        List<String> steps = new ArrayList<>(List.of(path.split("/", -1)));
        if (path.startsWith("/") || path.indexOf('\0') >= 0 || steps.contains("..")) {
            throw new InvalidInputException("template", "'" + place + "' would be rendered to '" + path + "'");
        }
        steps.removeIf(step -> step.isEmpty() || step.equals("."));
        return String.join("/", steps);
    }

    private String rendered(String name, String text) {
        return renderer.render(new TemplateText(template.ref() + "/" + name, text), context, this::included);
    }

    private byte[] content(TemplateFile file, String place) {
        if (!isTemplate(place) || isBinary(file.content())) {
            return file.content();
        }
        return rendered(place, text(file)).getBytes(StandardCharsets.UTF_8);
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

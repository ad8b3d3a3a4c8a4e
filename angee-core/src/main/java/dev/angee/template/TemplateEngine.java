package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Renders whole templates: files with the template's suffix through the engine for that suffix, others as they are,
 * and every part of a path too; a part that becomes empty leaves the file out. Makes values, touches no file.
 * Thread-safe.
 */
public final class TemplateEngine {
    private static final int BINARY_CHECK = 8 * 1024;

    private final Map<String, TemplateRenderer> renderers = new TreeMap<>();

    /**
     * An engine for some template languages.
     *
     * @param renderers one for each suffix
     */
    @Inject
    public TemplateEngine(Collection<TemplateRenderer> renderers) {
        renderers.forEach(renderer -> this.renderers.put(renderer.suffix(), renderer));
    }

    /**
     * The values a template is rendered with: its own defaults, overlaid by what is given.
     *
     * @throws InvalidInputException naming every required input that has no value
     */
    public Map<String, String> inputs(Template template, Map<String, String> given) {
        Map<String, String> inputs = new TreeMap<>();
        template.metadata()
                .inputs()
                .values()
                .forEach(input -> inputs.put(input.name(), input.standard().orElse("")));
        inputs.putAll(given);
        String missing = template.metadata().inputs().values().stream()
                .filter(InputSpec::required)
                .map(InputSpec::name)
                .filter(name -> inputs.getOrDefault(name, "").isBlank())
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new InvalidInputException(
                    "inputs", "template '" + template.ref() + "' needs a value for: " + missing);
        }
        return inputs;
    }

    /**
     * The files a template makes of some inputs, in path order.
     *
     * @param inputs all the template can see, see {@link #inputs}
     * @throws AngeeException {@code INVALID} if a file cannot be rendered or would stand outside; {@code UNSUPPORTED} if
     *     there is no engine for the template's suffix
     */
    public List<TemplateFile> render(Template template, Map<String, String> inputs) {
        TemplateMetadata metadata = template.metadata();
        TemplateRenderer renderer = renderers.get(metadata.suffix());
        if (renderer == null) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "template '" + template.ref() + "' is written in '" + metadata.suffix() + "' files; engines: "
                            + String.join(", ", renderers.keySet()));
        }
        String folder = metadata.subdirectory().isEmpty() ? "" : metadata.subdirectory() + "/";
        Map<String, TemplateFile> result = new TreeMap<>();
        for (TemplateFile file : template.files().files()) {
            if (file.path().startsWith(folder) && !isMetadata(file.path())) {
                String path = path(template, renderer, file.path().substring(folder.length()), inputs);
                if (!path.isEmpty()) {
                    String name = template.ref() + "/" + file.path();
                    result.put(path, new TemplateFile(path, content(renderer, name, file, inputs), file.executable()));
                }
            }
        }
        return new ArrayList<>(result.values());
    }

    private static boolean isMetadata(String path) {
        return path.equals("copier.yml") || path.equals("copier.yaml");
    }

    private static String path(
            Template template, TemplateRenderer renderer, String written, Map<String, String> inputs) {
        String stripped = written.endsWith(renderer.suffix())
                ? written.substring(0, written.length() - renderer.suffix().length())
                : written;
        List<String> parts = new ArrayList<>();
        for (String part : stripped.split("/", -1)) {
            String rendered = renderer.render(template.ref() + "/" + written, part, inputs);
            if (rendered.isEmpty()) {
                return "";
            }
            parts.add(rendered);
        }
        String path = String.join("/", parts);
        if (path.startsWith("/") || List.of(path.split("/")).contains("..")) {
            throw new InvalidInputException("template", "'" + written + "' would be rendered to '" + path + "'");
        }
        return path;
    }

    private static byte[] content(
            TemplateRenderer renderer, String name, TemplateFile file, Map<String, String> inputs) {
        if (!file.path().endsWith(renderer.suffix()) || isBinary(file.content())) {
            return file.content();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.content()))
                    .toString();
            return renderer.render(name, text, inputs).getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new AngeeException(ErrorCode.INVALID, name + " is not UTF-8 text", e);
        }
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

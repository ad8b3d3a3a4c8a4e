package dev.angee.template;

import dev.angee.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Inputs of type {@code path}. They are given, and kept, relative to the folder a template is rendered into, and its files
 * see them relative to the root of the stack in there, {@code <folder>/<ANGEE_ROOT>}. They are translated where a file is rendered,
 * from what was given, and never kept translated: doing it twice would lead elsewhere. Pure.
 */
public final class PathInputs {
    private static final String ROOT = "ANGEE_ROOT";

    private PathInputs() {}

    /**
     * The values as files see them.
     *
     * @param template says which are paths
     * @param values the values as they are kept
     * @param destination the absolute folder the template is rendered into
     * @throws InvalidInputException if one is no path
     */
    static Map<String, String> translated(Template template, Map<String, String> values, Path destination) {
        String root = values.getOrDefault(ROOT, "");
        Map<String, String> translated = new TreeMap<>(values);
        for (InputSpec input : template.metadata().inputs().values()) {
            String value = values.getOrDefault(input.name(), "");
            if (input.type() == InputType.PATH
                    && !input.several()
                    && !input.secret()
                    && !input.name().equals(ROOT)) {
                translated.put(input.name(), translate(input.name(), value, destination, root));
            }
        }
        return translated;
    }

    /**
     * One path, from the root of the stack instead of from where the template is rendered. Nothing, and an absolute path, stay as they
     * are.
     *
     * @param name the input, for errors
     * @param value the path, with slashes
     * @param destination the absolute folder the template is rendered into
     * @param root the root of the stack: relative to that folder, or absolute; empty for the folder itself
     * @throws InvalidInputException if one is no path
     */
    public static String translate(String name, String value, Path destination, String root) {
        if (value.isBlank() || value.startsWith("/")) {
            return value;
        }
        Path from = path(ROOT, destination, root.isBlank() ? "." : root);
        String relative = from.relativize(path(name, destination, value)).toString();
        return relative.isEmpty() ? "." : relative;
    }

    private static Path path(String name, Path folder, String text) {
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidInputException(name, "'" + text + "' is no path: " + e.getReason());
        }
    }
}

package dev.angee.plan;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name that isolates one stack from all others on a machine: made from the stack's name and the path of its root,
 * so that two stacks with one name never share containers.
 *
 * @param value matches {@code [a-z0-9][a-z0-9_-]*}, as Docker Compose demands
 */
public record ProjectName(String value) {
    private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]*");
    private static final Pattern OTHER_CHARACTERS = Pattern.compile("[^a-z0-9_]+");
    private static final int LONGEST_BASE = 30;

    /** Refuses what Compose would refuse. */
    public ProjectName {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("not a project name: " + value);
        }
    }

    /**
     * The project name of the stack with this name at this root: {@code <base>-<hash>}, the base being the name in
     * lower case with each run of other characters replaced by a dash, the hash the first 8 hex digits of the SHA-256
     * of the absolute root. Existing installations depend on these very bytes.
     *
     * @param stack the stack's name, any text
     * @param root the absolute path of the stack's root; symbolic links are not resolved
     */
    public static ProjectName of(String stack, Path root) {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("the root must be absolute: " + root);
        }
        String base =
                trim(OTHER_CHARACTERS.matcher(stack.toLowerCase(Locale.ROOT)).replaceAll("-"));
        if (base.length() > LONGEST_BASE) {
            base = trim(base.substring(0, LONGEST_BASE));
        }
        if (base.isEmpty()) {
            base = "angee";
        }
        String hash = Hashing.sha256()
                .hashString(root.toString(), StandardCharsets.UTF_8)
                .toString();
        return new ProjectName(base + "-" + hash.substring(0, 8));
    }

    private static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isEdge(text.charAt(start))) {
            start++;
        }
        while (end > start && isEdge(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isEdge(char c) {
        return c == '-' || c == '_';
    }

    @Override
    public String toString() {
        return value;
    }
}

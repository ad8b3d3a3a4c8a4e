package dev.angee.process;

import dev.angee.plan.ProjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Markers in the environment of processes, by which they are found again even when they have left their session and
 * nobody has a record of them. A longer marker stands for a part of what the shorter one stands for:
 *
 * <pre>
 *   angee-9f86d081884c                          everything of one stack
 *   angee-9f86d081884c.0b6c1f…                  one start of one service or job
 *   angee-9f86d081884c.0b6c1f….51ad07…          one health probe of that service
 * </pre>
 *
 * @param value the text in the environment
 */
record Marker(String value) {
    /** The variable that holds it. */
    static final String VARIABLE = "ANGEE_PROCESS_MARKER";

    /** The marker of everything of the stack at a root. */
    static Marker ofStack(ProjectName project, Path root) {
        try {
            byte[] identity = (project + "\n" + real(root)).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity);
            return new Marker("angee-" + HexFormat.of().formatHex(hash, 0, 6));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The marker of the stack's keeper, which is no part of what this one stands for. */
    Marker keeper() {
        return new Marker(value + "-keeper");
    }

    /** A new marker for a part of what this one stands for. */
    Marker part() {
        return new Marker(value + "." + UUID.randomUUID().toString().replace("-", ""));
    }

    /** What it adds to the marker that it is a part of: unique in itself. */
    String last() {
        return value.substring(value.lastIndexOf('.') + 1);
    }

    /** Whether a process with this marker in its environment belongs to what this one stands for. */
    boolean covers(String found) {
        return found.equals(value) || found.startsWith(value + ".");
    }

    private static Path real(Path root) {
        try {
            return Files.exists(root) ? root.toRealPath() : root.normalize();
        } catch (IOException e) {
            return root.normalize();
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

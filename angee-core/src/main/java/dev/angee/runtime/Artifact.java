package dev.angee.runtime;

/**
 * The readable file a backend makes of a plan.
 *
 * @param fileName its name under the root, for example {@code docker-compose.yaml}
 * @param text its content; empty when the plan has nothing for this backend, and the file is then removed
 */
public record Artifact(String fileName, String text) {
    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return text.isEmpty();
    }
}

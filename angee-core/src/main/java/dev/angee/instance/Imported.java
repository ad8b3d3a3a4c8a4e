package dev.angee.instance;

import java.util.List;

/**
 * What was taken over from the Go operator, which keeps what it has made in {@code angee.yaml}. The manifest itself stays
 * as it is.
 *
 * @param taken what was taken over now, a line each; nothing the next time
 * @param left what was not, a line each, with the reason
 */
public record Imported(List<String> taken, List<String> left) {
    /** Copies the lists. */
    public Imported {
        taken = List.copyOf(taken);
        left = List.copyOf(left);
    }

    /** Whether there was anything to say. */
    public boolean isEmpty() {
        return taken.isEmpty() && left.isEmpty();
    }
}

package dev.angee.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** The second half of an error about a name: what it probably should have been, and what there is. */
public final class Suggestion {
    private static final int FARTHEST = 2;
    private static final int MOST_LISTED = 20;

    private Suggestion() {}

    /** For example {@code . Did you mean 'db'? (declared: db, web)}. */
    public static String among(Collection<String> known, String label, String given) {
        if (known.isEmpty()) {
            return " (" + label + ": none)";
        }
        String list = String.join(
                ", ", new TreeSet<>(known).stream().limit(MOST_LISTED).toList());
        String rest = known.size() > MOST_LISTED ? ", …" : "";
        return nearest(known, given)
                        .map(name -> ". Did you mean '" + name + "'?")
                        .orElse("") + " (" + label + ": " + list + rest + ")";
    }

    /** The name that was probably meant; empty if none is near. */
    public static Optional<String> nearest(Collection<String> known, String given) {
        return known.stream()
                .filter(name ->
                        distance(name, given) <= Math.min(FARTHEST, Math.max(name.length(), given.length()) - 1))
                .min(Comparator.<String>comparingInt(name -> distance(name, given))
                        .thenComparing(name -> name));
    }

    /** Edits (insert, delete, replace, swap of neighbours) from one word to the other. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > FARTHEST) {
            return FARTHEST + 1;
        }
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            Arrays.fill(edits[i], FARTHEST + 1); // farther from the diagonal than that there is nothing near
            int nearest = FARTHEST + 1;
            for (int j = Math.max(0, i - FARTHEST); j <= Math.min(b.length(), i + FARTHEST); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(a, b, edits, i, j);
                nearest = Math.min(nearest, edits[i][j]);
            }
            if (nearest > FARTHEST) {
                return nearest;
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int[][] edits, int i, int j) {
        int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(edits[i - 1][j - 1] + replace, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }
}

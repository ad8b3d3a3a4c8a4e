package dev.angee.gitops;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The order to land workspaces in, greedily: see {@link Forecast}. */
final class LandingOrder {
    private final Set<String> blocked = new HashSet<>();
    private final Set<Clash> clashes = new HashSet<>();
    private final Set<String> remaining = new TreeSet<>();

    /** Two workspaces that conflict; the first is the first by name. */
    private record Clash(String first, String second) {
        static Clash of(String one, String other) {
            return one.compareTo(other) < 0 ? new Clash(one, other) : new Clash(other, one);
        }
    }

    private LandingOrder() {}

    static List<String> of(List<Forecast.Standing> slots, List<Forecast.Pair> pairs) {
        LandingOrder order = new LandingOrder();
        for (Forecast.Standing slot : slots) {
            order.remaining.add(slot.name().workspace());
            // One of which nothing is known is not said to be clean.
            if (slot.landing().filter(preview -> preview.isClean()).isEmpty()) {
                order.blocked.add(slot.name().workspace());
            }
        }
        for (Forecast.Pair pair : pairs) {
            String one = pair.first().workspace();
            String other = pair.second().workspace();
            if (pair.conflicts() && !one.equals(other)) {
                order.clashes.add(Clash.of(one, other));
            }
        }
        return order.greedily();
    }

    private List<String> greedily() {
        List<String> landed = new ArrayList<>();
        while (!remaining.isEmpty()) {
            String next = remaining.stream()
                    .min(Comparator.<String>comparingInt(each -> blocked.contains(each) ? 1 : 0)
                            .thenComparingLong(this::clashesOf)
                            .thenComparing(Comparator.naturalOrder()))
                    .orElseThrow();
            remaining.remove(next);
            landed.add(next);
            remaining.stream().filter(each -> clash(each, next)).forEach(blocked::add);
        }
        return landed;
    }

    private long clashesOf(String workspace) {
        return remaining.stream().filter(other -> clash(workspace, other)).count();
    }

    private boolean clash(String one, String other) {
        return clashes.contains(Clash.of(one, other));
    }
}

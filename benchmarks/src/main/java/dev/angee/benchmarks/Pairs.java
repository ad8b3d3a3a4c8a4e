package dev.angee.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Two that do the same, measured one after the other, now this one first and now that one. */
final class Pairs {
    private final String title;
    private final String other;
    private final Series theirs = new Series();
    private final Series ours = new Series();
    private final Series difference = new Series();
    private final Series ratio = new Series();
    private int made;

    /** @param other what ours is compared with */
    Pairs(String title, String other) {
        this.title = title;
        this.other = other;
    }

    /** How long something took, in milliseconds; what goes before and after it is its own affair. */
    interface Timed {
        double run() throws Exception;
    }

    /** Measures so many pairs, and one more before that does not count: what is loaded and opened then is there after. */
    void measure(int pairs, Timed ourWay, Timed theirWay) throws Exception {
        for (int i = 0; i <= pairs; i++) {
            boolean oursFirst = made++ % 2 == 0;
            double first = oursFirst ? ourWay.run() : theirWay.run();
            double second = oursFirst ? theirWay.run() : ourWay.run();
            double our = oursFirst ? first : second;
            if (i > 0) {
                add(our, oursFirst ? second : first);
            } else {
                System.out.printf(Locale.ROOT, "%s: the first time, ours takes %.1f ms%n", title, our);
            }
        }
    }

    /** Adds a pair that was measured elsewhere. */
    void add(double our, double their) {
        ours.add(our);
        theirs.add(their);
        difference.add(our - their);
        ratio.add(our / their);
    }

    void print() {
        Map<String, Series> rows = new LinkedHashMap<>();
        rows.put(other, theirs);
        rows.put("ours", ours);
        Rounds.print(title, rows);
        System.out.println("| ours − theirs, each pair | " + difference.text() + " | |");
        System.out.println("| ours ÷ theirs, each pair | " + ratio.text() + " | |");
    }

    static double millis(Rounds.Action action) throws Exception {
        long begin = System.nanoTime();
        action.run();
        return (System.nanoTime() - begin) / 1e6;
    }
}

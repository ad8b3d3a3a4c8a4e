package dev.angee.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured several times. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double median() {
        return (at((values.size() - 1) / 2) + at(values.size() / 2)) / 2;
    }

    /** Median, quartiles and extremes, in a few words. */
    String text() {
        String format = median() < 10 ? "%.2f | %.2f to %.2f | %.2f to %.2f" : "%.0f | %.0f to %.0f | %.0f to %.0f";
        int last = values.size() - 1;
        return String.format(
                Locale.ROOT, format, median(), at(values.size() / 4), at(last - values.size() / 4), at(0), at(last));
    }

    private double at(int index) {
        return values.stream().sorted().toList().get(index);
    }
}

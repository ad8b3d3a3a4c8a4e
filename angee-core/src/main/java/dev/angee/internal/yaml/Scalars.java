package dev.angee.internal.yaml;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The forms of single values that a manifest knows: durations, sizes, whole numbers. */
final class Scalars {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h)");
    private static final Map<String, BigDecimal> NANOS = Map.of(
            "ns", BigDecimal.ONE,
            "us", BigDecimal.valueOf(1_000L),
            "ms", BigDecimal.valueOf(1_000_000L),
            "s", BigDecimal.valueOf(1_000_000_000L),
            "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L));
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final Pattern DURATIONS = Pattern.compile("(?:" + DURATION.pattern() + ")+");
    /** No more digits than fit, whatever they are. */
    private static final Pattern SIZE =
            Pattern.compile("([1-9][0-9]{0,14})[bB]?|([1-9][0-9]{0,11})([kKmM])|([1-9][0-9]{0,8})[gG]");

    /** RFC 3339. */
    static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})");

    private static final Pattern CPUS = Pattern.compile("(?:0|[1-9][0-9]{0,3})(?:\\.[0-9]{1,3})?");

    private Scalars() {}

    static boolean isNull(Node value) {
        return value instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && Set.of("", "~", "null", "Null", "NULL").contains(scalar.getValue());
    }

    static boolean isEmpty(Node value) {
        return value instanceof ScalarNode scalar && scalar.getValue().isEmpty();
    }

    /** The text of a plain scalar; empty if it is quoted, or no scalar. */
    static String plain(Node value) {
        return value instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
                ? scalar.getValue()
                : "";
    }

    /** One or more numbers, each with a unit from {@code ns} to {@code h}. */
    static boolean isDuration(String text) {
        return DURATIONS.matcher(text).matches();
    }

    /** The length of a duration; empty if it is longer than 292 years. */
    static Optional<Duration> duration(String text) {
        Matcher part = DURATION.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (part.find() && part.start() == at) {
            BigDecimal unit = NANOS.getOrDefault(part.group(2), BigDecimal.ZERO);
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
            at = part.end();
        }
        return at == 0 || at != text.length() || nanos.compareTo(LONGEST) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    /** Bytes: a whole number, with {@code k}, {@code m} or {@code g} for powers of 1024. */
    static OptionalLong size(String text) {
        Matcher form = SIZE.matcher(text);
        if (!form.matches()) {
            return OptionalLong.empty();
        }
        if (form.group(1) != null) {
            return OptionalLong.of(Long.parseLong(form.group(1)));
        }
        if (form.group(2) != null) {
            int shift = form.group(3).equalsIgnoreCase("k") ? 10 : 20;
            return OptionalLong.of(Long.parseLong(form.group(2)) << shift);
        }
        return OptionalLong.of(Long.parseLong(form.group(4)) << 30);
    }

    /** Thousandths of a CPU: {@code 1.5} is 1500. */
    static OptionalInt milliCpus(String text) {
        if (!CPUS.matcher(text).matches()) {
            return OptionalInt.empty();
        }
        int milli = new BigDecimal(text).movePointRight(3).intValueExact();
        return milli == 0 ? OptionalInt.empty() : OptionalInt.of(milli);
    }
}

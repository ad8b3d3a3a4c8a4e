package dev.angee.expression;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Text made fit for a name: ASCII letters, digits, dashes and underscores. */
public final class Slug {
    private static final Map<String, String> SPELLED = Map.ofEntries(
            Map.entry("&", "and"),
            Map.entry("@", "at"),
            Map.entry("ß", "ss"),
            Map.entry("æ", "ae"),
            Map.entry("Æ", "ae"),
            Map.entry("œ", "oe"),
            Map.entry("Œ", "oe"),
            Map.entry("ø", "o"),
            Map.entry("Ø", "o"),
            Map.entry("ł", "l"),
            Map.entry("Ł", "l"),
            Map.entry("đ", "d"),
            Map.entry("Đ", "d"),
            Map.entry("þ", "th"),
            Map.entry("Þ", "th"),
            Map.entry("ð", "d"));
    private static final Pattern QUOTES = Pattern.compile("[\"'\u2019]");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHERS = Pattern.compile("[^a-z0-9_-]");
    private static final Pattern DASHES = Pattern.compile("-{2,}");
    private static final Pattern EDGES = Pattern.compile("^[-_]+|[-_]+$");

    private Slug() {}

    /**
     * The slug of a text: accents gone, lower case, and a dash for each run of anything else; none at its ends.
     *
     * @return empty if there is nothing in it to make a name of
     */
    public static String of(String value) {
        String text = QUOTES.matcher(value.strip()).replaceAll("");
        for (Map.Entry<String, String> each : SPELLED.entrySet()) {
            text = text.replace(each.getKey(), each.getValue());
        }
        text = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        text = OTHERS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("-");
        return EDGES.matcher(DASHES.matcher(text).replaceAll("-")).replaceAll("");
    }
}

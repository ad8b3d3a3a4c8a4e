package dev.angee.templates.jinja;

import static dev.angee.templates.jinja.Filters.plain;

import dev.angee.expression.Slug;
import dev.angee.templates.jinja.Filters.Filter;
import dev.angee.templates.jinja.Filters.Toolbox;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Filters that make a text of a text. */
final class TextFilters {
    private static final int LINE = 79;

    private TextFilters() {}

    static Map<String, Filter> all() {
        Map<String, Filter> all = new TreeMap<>();
        all.put("upper", plain((t, v, a) -> t.made(t.text(v).toUpperCase(Locale.ROOT))));
        all.put("lower", plain((t, v, a) -> t.made(t.text(v).toLowerCase(Locale.ROOT))));
        all.put("capitalize", plain((t, v, a) -> t.made(Words.capitalize(t.text(v)))));
        all.put("title", plain((t, v, a) -> t.made(Words.title(t.text(v)))));
        all.put("string", plain((t, v, a) -> t.text(v)));
        all.put("safe", plain((t, v, a) -> t.text(v)));
        all.put("escape", plain((t, v, a) -> escape(t, t.text(v))));
        all.put("e", all.get("escape"));
        all.put("forceescape", all.get("escape"));
        all.put("trim", (t, v, a) -> {
            Optional<String> characters = a.only("chars").unlessNone(0, "chars").map(c -> a.text(0, "chars"));
            return Words.strip(t.text(v), characters, true, true);
        });
        all.put("replace", (t, v, a) -> Words.replace(t.machine(), t.text(v), texts(t, a)));
        all.put(
                "center",
                (t, v, a) -> new TextMethods(t.machine())
                        .of(t.text(v), "center")
                        .orElseThrow()
                        .call(new Arguments(a.function(), List.of(a.number(0, "width", 80)), Map.of())));
        all.put("indent", TextFilters::indent);
        all.put("truncate", TextFilters::truncate);
        all.put("wordwrap", TextFilters::wordwrap);
        all.put("wordcount", plain((t, v, a) -> (long) Words.words(t.text(v))));
        all.put("striptags", plain((t, v, a) -> stripped(t, t.text(v))));
        all.put(
                "format",
                (t, v, a) -> PercentFormat.format(
                        t.machine(), t.text(v), a.named().isEmpty() ? new Tuple(a.positional()) : a.named()));
        all.put("urlencode", TextFilters::urlencode);
        all.put("xmlattr", TextFilters::xmlattr);
        all.put("slug", (t, v, a) -> Slug.of(t.text(v)));
        all.put(
                "split",
                (t, v, a) -> Splitting.split(
                        t.machine().budget(),
                        t.text(v),
                        a.unlessNone(0, "sep").map(s -> a.text(0, "sep")),
                        a.number(1, "maxsplit", -1)));
        return all;
    }

    /** Whatever is to be replaced, and by what, is taken as text. */
    private static Arguments texts(Toolbox toolbox, Arguments arguments) {
        arguments.only("old", "new", "count");
        List<Object> positional = new ArrayList<>(
                List.of(toolbox.text(arguments.need(0, "old")), toolbox.text(arguments.need(1, "new"))));
        arguments.get(2, "count").ifPresent(positional::add);
        return new Arguments(arguments.function(), positional, Map.of());
    }

    /** The text between tags, with one space for any white space. */
    private static String stripped(Toolbox toolbox, String text) {
        StringBuilder out = new StringBuilder();
        int position = 0;
        for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', position)) {
            boolean comment = text.startsWith("<!--", open);
            int close = comment ? text.indexOf("-->", open + 4) : text.indexOf('>', open);
            if (close < 0 && comment) {
                close = text.indexOf('>', open);
                comment = false;
            }
            if (close < 0) {
                break;
            }
            out.append(text, position, open);
            position = close + (comment ? 3 : 1);
        }
        String plain = out.append(text, position, text.length()).toString();
        List<String> words = new ArrayList<>();
        Splitting.split(toolbox.machine().budget(), plain, Optional.empty(), -1)
                .forEach(word -> words.add((String) word));
        return toolbox.made(unescape(String.join(" ", words)));
    }

    static String escape(Toolbox toolbox, String text) {
        String escaped = text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
        return toolbox.made(escaped);
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#39;", "'")
                .replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }

    private static Object indent(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("width", "first", "blank");
        Object width = arguments.get(0, "width").orElse(4L);
        String by = width instanceof String text ? text : spaces(toolbox, arguments.number(0, "width", 4));
        boolean first = arguments.flag(1, "first", false);
        boolean blank = arguments.flag(2, "blank", false);
        String text = string(value, arguments);
        long lines = Words.count(text, "\n") + 1;
        toolbox.machine().budget().make(text.length() + lines * by.length());
        StringBuilder out = new StringBuilder();
        List<Object> parts = Splitting.lines(toolbox.machine().budget(), text + "\n", false);
        for (int i = 0; i < parts.size(); i++) {
            String line = (String) parts.get(i);
            out.append(i == 0 ? "" : "\n");
            out.append((i == 0 ? first : blank || !line.isEmpty()) ? by : "").append(line);
        }
        return out.toString();
    }

    private static String string(Object value, Arguments arguments) {
        if (value instanceof Undefined undefined) {
            undefined.use();
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        throw JinjaException.of(arguments.function() + " needs a string, not " + Values.kind(value));
    }

    private static String spaces(Toolbox toolbox, long width) {
        toolbox.machine().budget().make(Math.max(0, width));
        return " ".repeat((int) Math.max(0, width));
    }

    private static Object truncate(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("length", "killwords", "end", "leeway");
        String text = string(value, arguments);
        String end = arguments.text(2, "end", "...");
        long length = arguments.number(0, "length", 255);
        long leeway = arguments.unlessNone(3, "leeway").isPresent() ? arguments.number(3, "leeway") : 5;
        if (length < end.length() || leeway < 0) {
            throw JinjaException.of("truncate: the length is less than that of '" + end + "', or the leeway negative");
        }
        if (Values.length(text) <= length + leeway) {
            return text;
        }
        String kept = text.substring(0, text.offsetByCodePoints(0, (int) (length - Values.length(end))));
        if (!arguments.flag(1, "killwords", false) && kept.lastIndexOf(' ') >= 0) {
            kept = kept.substring(0, kept.lastIndexOf(' '));
        }
        return toolbox.made(kept + end);
    }

    private static Object wordwrap(Toolbox toolbox, Object value, Arguments arguments) {
        arguments.only("width", "break_long_words", "wrapstring", "break_on_hyphens");
        long width = arguments.number(0, "width", LINE);
        if (width < 1) {
            throw JinjaException.of("wordwrap: the width is less than 1");
        }
        boolean breakLong = arguments.flag(1, "break_long_words", true);
        boolean hyphens = arguments.flag(3, "break_on_hyphens", true);
        String with = arguments.unlessNone(2, "wrapstring").isPresent() ? arguments.text(2, "wrapstring") : "\n";
        List<String> lines = new ArrayList<>();
        for (Object line : Splitting.lines(toolbox.machine().budget(), string(value, arguments), false)) {
            lines.add(String.join(
                    with, new WordWrap(toolbox.machine().budget(), width, breakLong, hyphens).lines((String) line)));
        }
        return toolbox.made(String.join(with, lines));
    }

    private static Object urlencode(Toolbox toolbox, Object value, Arguments arguments) {
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            List<String> pairs = new ArrayList<>();
            List<Object> entries = value instanceof Map<?, ?> map
                    ? new ArrayList<>(map.entrySet().stream()
                            .map(entry -> (Object) Tuple.of(entry.getKey(), entry.getValue()))
                            .toList())
                    : Values.items(value);
            for (Object entry : entries) {
                List<Object> pair = Values.items(entry);
                if (pair.size() != 2) {
                    throw JinjaException.of("urlencode needs a mapping, or pairs of a key and a value");
                }
                pairs.add(encoded(toolbox.text(pair.get(0))) + "=" + encoded(toolbox.text(pair.get(1))));
            }
            return toolbox.made(String.join("&", pairs));
        }
        return toolbox.made(encoded(toolbox.text(value)).replace("%2F", "/").replace("+", "%20"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static Object xmlattr(Toolbox toolbox, Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw JinjaException.of("xmlattr needs a mapping, not " + Values.kind(value));
        }
        StringBuilder out = new StringBuilder();
        map.forEach((key, each) -> {
            if (each != None.NONE && !(each instanceof Undefined)) {
                String name = toolbox.text(key);
                if (name.matches("(?s).*[\\s/>=].*")) {
                    throw JinjaException.of("xmlattr: '" + name + "' cannot be the name of an attribute");
                }
                out.append(out.length() == 0 ? "" : " ").append(escape(toolbox, name));
                out.append("=\"").append(escape(toolbox, toolbox.text(each))).append('"');
            }
        });
        boolean space = arguments.flag(0, "autospace", true) && out.length() > 0;
        return toolbox.made((space ? " " : "") + out);
    }
}

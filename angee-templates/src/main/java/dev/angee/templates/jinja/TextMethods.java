package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The methods of a text that templates use: Python's, without those that only matter to programs. */
final class TextMethods {
    private final Machine machine;
    private final TextFormat format;

    TextMethods(Machine machine) {
        this.machine = machine;
        this.format = new TextFormat(machine);
    }

    Optional<Callable> of(String text, String name) {
        return Optional.ofNullable(changing(text, name))
                .or(() -> Optional.ofNullable(cutting(text, name)))
                .or(() -> Optional.ofNullable(asking(text, name)));
    }

    private @org.jspecify.annotations.Nullable Callable changing(String text, String name) {
        return switch (name) {
            case "upper" -> a -> made(text.toUpperCase(Locale.ROOT));
            case "lower", "casefold" -> a -> made(text.toLowerCase(Locale.ROOT));
            case "title" -> a -> made(Words.pythonTitle(text));
            case "capitalize" -> a -> made(Words.capitalize(text));
            case "swapcase" -> a -> made(Words.swapCase(text));
            case "replace" -> a -> Words.replace(machine, text, a.only("old", "new", "count"));
            case "center" -> a -> pad(text, a, 1);
            case "ljust" -> a -> pad(text, a, 0);
            case "rjust" -> a -> pad(text, a, 2);
            case "zfill" -> a -> zeroes(text, a.number(0, "width"));
            case "format" -> a -> format.format(text, a);
            case "expandtabs", "encode", "translate", "maketrans" ->
                throw JinjaException.of("the method '" + name + "' is not supported");
            default -> null;
        };
    }

    private String made(String text) {
        return machine.budget().made(text);
    }

    private String pad(String text, Arguments arguments, int left) {
        long missing = Math.max(0, arguments.number(0, "width") - Values.length(text));
        String fill = arguments.text(1, "fillchar", " ");
        if (Values.length(fill) != 1) {
            throw JinjaException.of(arguments.function() + " fills with one character");
        }
        machine.budget().make(2 * Math.min(missing, Integer.MAX_VALUE) + text.length());
        // Python's own: an odd column goes to the left where the width is odd, too.
        long before = switch (left) {
            case 0 -> 0;
            case 1 -> missing / 2 + (missing & arguments.number(0, "width") & 1);
            default -> missing;
        };
        return fill.repeat((int) before) + text + fill.repeat((int) (missing - before));
    }

    private String zeroes(String text, long width) {
        long missing = Math.max(0, width - Values.length(text));
        machine.budget().make(Math.min(missing, Integer.MAX_VALUE) + text.length());
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.substring(0, sign) + "0".repeat((int) missing) + text.substring(sign);
    }

    private @org.jspecify.annotations.Nullable Callable cutting(String text, String name) {
        return switch (name) {
            case "strip" -> a -> Words.strip(text, characters(a), true, true);
            case "lstrip" -> a -> Words.strip(text, characters(a), true, false);
            case "rstrip" -> a -> Words.strip(text, characters(a), false, true);
            case "removeprefix" ->
                a -> {
                    String prefix = a.text(0, "prefix");
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                a -> {
                    String suffix = a.text(0, "suffix");
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "split" -> a -> Splitting.split(machine.budget(), text, separator(a), a.number(1, "maxsplit", -1));
            case "rsplit" ->
                a -> Splitting.splitFromEnd(machine.budget(), text, separator(a), a.number(1, "maxsplit", -1));
            case "splitlines" -> a -> Splitting.lines(machine.budget(), text, a.flag(0, "keepends", false));
            case "partition" -> a -> Splitting.partition(text, a.text(0, "sep"), false);
            case "rpartition" -> a -> Splitting.partition(text, a.text(0, "sep"), true);
            case "join" -> a -> join(text, a.need(0, "iterable"));
            default -> null;
        };
    }

    private static Optional<String> characters(Arguments arguments) {
        return arguments.unlessNone(0, "chars").map(c -> arguments.text(0, "chars"));
    }

    private static Optional<String> separator(Arguments arguments) {
        return arguments.unlessNone(0, "sep").map(c -> arguments.text(0, "sep"));
    }

    private String join(String separator, Object items) {
        List<String> parts = new ArrayList<>();
        long size = 0;
        for (Object item : Values.items(items)) {
            if (!(item instanceof String part)) {
                throw JinjaException.of("join() needs strings, not " + Values.kind(item));
            }
            size += part.length() + separator.length();
            parts.add(part);
        }
        machine.budget().make(size);
        return String.join(separator, parts);
    }

    private @org.jspecify.annotations.Nullable Callable asking(String text, String name) {
        return switch (name) {
            case "startswith" -> a -> any(a.only("prefix"), text::startsWith);
            case "endswith" -> a -> any(a.only("prefix"), text::endsWith);
            case "find" -> a -> find(text, a, true);
            case "rfind" -> a -> find(text, a, false);
            case "index" ->
                a -> {
                    long found = find(text, a, true);
                    if (found < 0) {
                        throw JinjaException.of("index(): the substring is not found");
                    }
                    return found;
                };
            case "count" ->
                a -> {
                    String looked = part(text, a);
                    searching(looked, a.text(0, "sub"));
                    return Words.count(looked, a.text(0, "sub"));
                };
            case "isdigit", "isdecimal", "isnumeric" -> a -> all(text, Character::isDigit);
            case "isalpha" -> a -> all(text, Character::isLetter);
            case "isalnum" -> a -> all(text, Character::isLetterOrDigit);
            case "isspace" -> a -> all(text, c -> c < 0x10000 && Lexer.isSpace((char) c));
            case "isupper" -> a -> cased(text) && text.equals(text.toUpperCase(Locale.ROOT));
            case "islower" -> a -> cased(text) && text.equals(text.toLowerCase(Locale.ROOT));
            case "isidentifier" -> a -> text.matches("[\\p{L}_][\\p{L}\\p{N}_]*+");
            default -> null;
        };
    }

    private void searching(String text, String wanted) {
        machine.budget().search(text.length(), wanted.length());
    }

    /** What of a text is asked about: all of it, or that between two characters. */
    private String part(String text, Arguments arguments) {
        arguments.only("sub", "start", "end");
        if (arguments.get(1, "start").isEmpty() && arguments.get(2, "end").isEmpty()) {
            return text;
        }
        long size = Values.length(text);
        long start = bound(arguments.number(1, "start", 0), size);
        long end = bound(arguments.number(2, "end", size), size);
        return start >= end
                ? ""
                : text.substring(text.offsetByCodePoints(0, (int) start), text.offsetByCodePoints(0, (int) end));
    }

    private static long bound(long index, long size) {
        return Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    private long find(String text, Arguments arguments, boolean first) {
        String part = part(text, arguments);
        String wanted = arguments.text(0, "sub");
        searching(part, wanted);
        long found = at(part, first ? part.indexOf(wanted) : part.lastIndexOf(wanted));
        return found < 0 ? -1 : found + bound(arguments.number(1, "start", 0), Values.length(text));
    }

    private static boolean any(Arguments arguments, java.util.function.Predicate<String> test) {
        if (arguments.need(0, "prefix") instanceof Tuple several) {
            return several.stream().anyMatch(each -> each instanceof String part && test.test(part));
        }
        return test.test(arguments.text(0, "prefix"));
    }

    private static long at(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }

    private static boolean cased(String text) {
        return text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }
}

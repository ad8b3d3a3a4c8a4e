package dev.angee.process;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as text for a shell that does nothing but run it. */
final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_+\\-=./:]+");

    private ShellWords() {}

    static String join(List<String> command) {
        return command.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}

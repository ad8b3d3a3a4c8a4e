package dev.angee.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Patterns of paths, as in a {@code .gitignore}: the last that matches a path, or a folder it is in, decides. */
final class PathPatterns {
    private static final String ANY_FOLDERS = "**";

    /** The parts of a pattern, what they say, and whether only of folders. */
    private record Rule(List<Glob> parts, boolean negated, boolean foldersOnly, boolean childrenOnly) {}

    private final List<Rule> rules = new ArrayList<>();

    PathPatterns(List<String> patterns) {
        for (String written : patterns) {
            String pattern = written.strip();
            if (!pattern.isEmpty() && !pattern.startsWith("#")) {
                rules.add(rule(pattern));
            }
        }
        Collections.reverse(rules);
    }

    private static Rule rule(String written) {
        boolean negated = written.startsWith("!");
        String pattern = negated ? written.substring(1) : written;
        boolean foldersOnly = pattern.endsWith("/");
        String body = foldersOnly ? pattern.substring(0, pattern.length() - 1) : pattern;
        List<Glob> parts = new ArrayList<>();
        if (!body.contains("/")) {
            parts.add(new Glob(ANY_FOLDERS)); // without a slash it is a name, wherever that is
        }
        for (String part : (body.startsWith("/") ? body.substring(1) : body).split("/", -1)) {
            parts.add(new Glob(part));
        }
        boolean childrenOnly = body.contains("/") && body.endsWith("/*"); // as Copier's matcher has it
        return new Rule(parts, negated, foldersOnly, childrenOnly);
    }

    /** Whether a file is matched, by itself or with a folder it is in. */
    boolean match(String path) {
        List<String> parts = List.of(path.split("/", -1));
        for (Rule rule : rules) {
            int shortest = rule.childrenOnly() ? parts.size() : 1;
            for (int length = parts.size() - (rule.foldersOnly() ? 1 : 0); length >= shortest; length--) {
                if (matches(rule.parts(), parts.subList(0, length))) {
                    return !rule.negated();
                }
            }
        }
        return false;
    }

    /** Part by part; {@code reached[i]} is whether what was read so far is all that the first i parts of the pattern say. */
    private static boolean matches(List<Glob> pattern, List<String> path) {
        boolean[] reached = new boolean[pattern.size() + 1];
        reached[0] = true;
        passFolders(pattern, reached);
        for (String part : path) {
            boolean[] next = new boolean[pattern.size() + 1];
            for (int i = 0; i < pattern.size(); i++) {
                if (reached[i] && pattern.get(i).isAnyFolders()) {
                    next[i] = true;
                    next[pattern.size()] |= i == pattern.size() - 1; // at the end, they are everything inside
                } else if (reached[i] && pattern.get(i).matches(part)) {
                    next[i + 1] = true;
                }
            }
            passFolders(pattern, next);
            reached = next;
        }
        return reached[pattern.size()];
    }

    /** Any folders may be none. */
    private static void passFolders(List<Glob> pattern, boolean[] reached) {
        for (int i = 0; i < pattern.size(); i++) {
            if (reached[i] && pattern.get(i).isAnyFolders() && i + 1 < pattern.size()) {
                reached[i + 1] = true;
            }
        }
    }

    /** One part of a pattern: {@code *}, {@code ?}, {@code [a-c]}, {@code [!x]}, and a backslash before what means itself. */
    private record Glob(String text) {
        boolean isAnyFolders() {
            return text.equals(ANY_FOLDERS);
        }

        /** In the time of pattern times name: only the last star is ever tried anew. */
        boolean matches(String name) {
            int at = 0;
            int position = 0;
            int star = -1;
            int retry = 0;
            while (position < name.length()) {
                if (at < text.length() && text.charAt(at) == '*') {
                    star = at++;
                    retry = position;
                } else if (at < text.length() && takes(at, name.charAt(position))) {
                    at = end(at);
                    position++;
                } else if (star >= 0) {
                    at = star + 1;
                    position = ++retry;
                } else {
                    return false;
                }
            }
            while (at < text.length() && text.charAt(at) == '*') {
                at++;
            }
            return at == text.length();
        }

        private boolean takes(int at, char c) {
            char written = text.charAt(at);
            if (written == '?') {
                return true;
            }
            if (written == '[' && end(at) > at + 1) {
                return takesSet(text.substring(at + 1, end(at) - 1), c);
            }
            return (written == '\\' && at + 1 < text.length() ? text.charAt(at + 1) : written) == c;
        }

        private static boolean takesSet(String set, char c) {
            boolean negated = set.startsWith("!") || set.startsWith("^");
            boolean found = false;
            for (int i = negated ? 1 : 0; i < set.length(); i++) {
                boolean range = i + 2 < set.length() && set.charAt(i + 1) == '-';
                found |= c >= set.charAt(i) && c <= set.charAt(range ? i + 2 : i);
                i += range ? 2 : 0;
            }
            return found != negated;
        }

        /** Where what begins there ends. */
        private int end(int at) {
            char written = text.charAt(at);
            if (written == '\\' && at + 1 < text.length()) {
                return at + 2;
            }
            int close = written == '[' ? text.indexOf(']', at + 2) : -1;
            return close < 0 ? at + 1 : close + 1;
        }
    }
}

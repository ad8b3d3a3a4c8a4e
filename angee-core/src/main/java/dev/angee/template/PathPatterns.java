package dev.angee.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns of paths, as in a {@code .gitignore}: the last that matches a path, or a folder it is in, decides. */
final class PathPatterns {
    private record Rule(Pattern pattern, boolean negated, boolean foldersOnly) {}

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
        boolean anchored = body.contains("/");
        String regex = regex(body.startsWith("/") ? body.substring(1) : body);
        return new Rule(Pattern.compile((anchored ? "" : "(?:.*/)?") + regex), negated, foldersOnly);
    }

    private static String regex(String glob) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                out.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                out.append(".*");
                i++;
            } else if (c == '*') {
                out.append("[^/]*");
            } else if (c == '?') {
                out.append("[^/]");
            } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
                int end = glob.indexOf(']', i + 2);
                String set = glob.substring(i + 1, end)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&&", "&\\&");
                out.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = end;
            } else {
                boolean escaped = c == '\\' && i + 1 < glob.length();
                out.append(Pattern.quote(String.valueOf(escaped ? glob.charAt(++i) : c)));
            }
        }
        return out.toString();
    }

    /** Whether a file is matched, by itself or with a folder it is in. */
    boolean match(String path) {
        for (Rule rule : rules) {
            if (matches(rule, path)) {
                return !rule.negated();
            }
        }
        return false;
    }

    private static boolean matches(Rule rule, String path) {
        if (!rule.foldersOnly() && rule.pattern().matcher(path).matches()) {
            return true;
        }
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (rule.pattern().matcher(path.substring(0, end)).matches()) {
                return true;
            }
        }
        return false;
    }
}

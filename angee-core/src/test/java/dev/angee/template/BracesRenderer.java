package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A language for tests: <code>{{ name }}</code> is a value, and {@code name !~ expression: message} is the message if the value does not
 * match, and nothing if it does.
 */
public final class BracesRenderer implements TemplateRenderer {
    private static final Pattern VALUE = Pattern.compile("\\{\\{ ?(\\w+) ?\\}\\}");
    private static final Pattern CHECK = Pattern.compile("(\\w+) !~ (\\S+): (.*)");

    @Override
    public String suffix() {
        return ".tpl";
    }

    @Override
    public String render(TemplateText text, Map<String, ?> inputs, TemplateIncludes includes) {
        Matcher check = CHECK.matcher(text.text());
        if (check.matches() && isRight(text, shown(inputs, check.group(1)), check.group(2))) {
            return "";
        }
        String template = check.matches() ? check.group(3) : text.text();
        return VALUE.matcher(template).replaceAll(value -> Matcher.quoteReplacement(shown(inputs, value.group(1))));
    }

    /** An engine's error quotes what it was working on. */
    private static boolean isRight(TemplateText text, String value, String expression) {
        try {
            return value.matches(expression);
        } catch (PatternSyntaxException e) {
            throw new AngeeException(ErrorCode.INVALID, text.name() + ": cannot match '" + value + "'", e);
        }
    }

    private static String shown(Map<String, ?> inputs, String name) {
        Object value = inputs.get(name);
        return value == null || value.equals(Optional.empty()) ? "" : value.toString();
    }
}

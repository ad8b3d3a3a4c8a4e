package dev.angee.templates;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import freemarker.core.InvalidReferenceException;
import freemarker.core.NonBooleanException;
import freemarker.core.ParseException;
import freemarker.core.StopException;
import freemarker.template.TemplateException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong with one template: {@code name:line:column: what; the way out}, in one line. The engine's own
 * messages run over many, with its class names and, at times, the value of an input; only their substance is kept.
 */
final class Diagnosis {
    private static final Pattern SIMPLE_NAME = Pattern.compile("[\\w@$\\\\-]+");
    private static final Pattern CLASS_NAME = Pattern.compile(" \\(wrapper: [^)]*\\)");
    private static final Pattern HELP = Pattern.compile("\\.? Help \\(latest version\\).*| \\(Note that FreeMarker.*");
    private static final Pattern VALUE = Pattern.compile("(?<=Can't convert this string to \\w{1,9}|to parse was): .*");

    private final String name;
    private final Set<String> inputs;

    Diagnosis(String name, Set<String> inputs) {
        this.name = name;
        this.inputs = inputs;
    }

    /** What the engine's failure means. */
    AngeeException of(Throwable failure) {
        if (failure instanceof AngeeException e) {
            return e;
        }
        if (failure instanceof ParseException e) {
            return invalid(e.getLineNumber(), e.getColumnNumber(), syntax(e));
        }
        if (failure instanceof TemplateException e) {
            return invalid(e.getLineNumber(), e.getColumnNumber(), evaluation(e));
        }
        if (failure instanceof BoundedText.LimitExceeded e) {
            return failed("made more than " + e.limit() + " bytes of text; look for a loop that does not end");
        }
        if (failure instanceof StackOverflowError) {
            return failed("nests or calls itself too deeply; look for a macro that does not end");
        }
        if (failure instanceof OutOfMemoryError) {
            return failed("needs more memory than there is; look for a text that grows in a loop");
        }
        return new AngeeException(ErrorCode.FAILED, name + ": could not be rendered: " + failure, failure);
    }

    /** It was tried, and ended for a reason that has no line. */
    AngeeException failed(String reason) {
        return new AngeeException(ErrorCode.FAILED, name + ": " + reason);
    }

    private AngeeException invalid(@Nullable Integer line, @Nullable Integer column, String problem) {
        String where = line == null || column == null ? name : name + ":" + line + ":" + column;
        return new AngeeException(ErrorCode.INVALID, where + ": " + problem);
    }

    private static String syntax(ParseException e) {
        String message = firstLine(e.getEditorMessage());
        if (message.startsWith("Encountered ")) {
            String token = message.substring("Encountered ".length()).replaceFirst(", but was expecting.*", "");
            return "unexpected " + token + "; check the expression before it";
        }
        if (message.startsWith("Unknown directive")) {
            return message + "; if this is not meant as a directive, put it between [#noparse] and [/#noparse]";
        }
        if (message.startsWith("Naming convention mismatch")) {
            return "the language's own words are written like_this or likethis, never likeThis";
        }
        return message;
    }

    private String evaluation(TemplateException e) {
        if (e instanceof StopException) {
            return e.getMessageWithoutStackTop(); // the template's own words
        }
        String expression = e.getBlamedExpressionString();
        if (e instanceof InvalidReferenceException && expression != null) {
            return missing(expression);
        }
        String what = firstLine(e.getMessageWithoutStackTop()) + (expression == null ? "" : " (" + expression + ")");
        return e instanceof NonBooleanException ? what + "; inputs are text: compare it, as in x == \"true\"" : what;
    }

    private String missing(String expression) {
        if (!SIMPLE_NAME.matcher(expression).matches()) {
            return "'" + expression + "' has no value; if it may be absent, write (" + expression + ")!\"default\"";
        }
        String wanted = expression.replace("\\", "");
        String known = inputs.isEmpty() ? "there are none" : "there are: " + String.join(", ", inputs);
        String hint = ClosestName.to(wanted, inputs)
                .map(close -> "; did you mean '" + close + "'?")
                .orElse("");
        return "input '" + wanted + "' does not exist (" + known + ")" + hint;
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        for (Pattern noise : new Pattern[] {CLASS_NAME, HELP, VALUE}) {
            line = noise.matcher(line).replaceAll("");
        }
        return line.replace("${...}", "[=...]").strip();
    }
}

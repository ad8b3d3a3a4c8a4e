package dev.angee.template;

import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.ManifestReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * How a template names what it makes if nobody else does. Immutable.
 *
 * @param pattern the name; <code>${inputs.name | slug}</code> if neither this nor the fallback is written
 * @param fallback the name where the pattern comes to nothing, or refers to what is not set
 * @param maxLength how many characters (code points) a name may have at most; 0 for any number
 */
public record InstanceNaming(Optional<Expression> pattern, Optional<Expression> fallback, OptionalInt maxLength) {
    private static final Expression STANDARD = Expression.parse("${inputs.name | slug}");
    private static final Pattern EDGES = Pattern.compile("^[-_]+|[-_]+$");

    /** Names by the input {@code name}. */
    public static InstanceNaming standard() {
        return new InstanceNaming(Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    /**
     * The name of one.
     *
     * @param scope what the patterns can name
     * @throws InvalidInputException if they all come to nothing, saying why; or to what cannot be a name
     */
    public String name(Scope scope) {
        List<Expression> written = new ArrayList<>();
        pattern.ifPresent(written::add);
        fallback.ifPresent(written::add);
        if (written.isEmpty()) {
            written.add(STANDARD);
        }
        List<String> reasons = new ArrayList<>();
        for (Expression each : written) {
            try {
                String name = cut(each.evaluate(scope).strip());
                if (!name.isEmpty()) {
                    return requireName(each, name);
                }
                reasons.add("'" + each + "' comes to nothing");
            } catch (ExpressionException e) {
                reasons.add("'" + each + "': " + e.getMessage());
            }
        }
        throw new InvalidInputException("name", "give one, for the template makes none: " + String.join("; ", reasons));
    }

    private String cut(String name) {
        int most = maxLength.orElse(0) > 0 ? maxLength.getAsInt() : Integer.MAX_VALUE;
        boolean isLong = name.codePointCount(0, name.length()) > most;
        String shorter = isLong ? name.substring(0, name.offsetByCodePoints(0, most)) : name;
        return EDGES.matcher(shorter).replaceAll("");
    }

    private static String requireName(Expression written, String name) {
        if (!ManifestReader.isName(name)) {
            throw new InvalidInputException(
                    "name",
                    "'" + written + "' makes '" + name
                            + "' of these inputs, which cannot be a name: letters, digits, '.', '_' and"
                            + " '-', beginning with a letter or digit, at most 63 characters, no '..'; give one, or change"
                            + " the pattern (| slug)");
        }
        return name;
    }
}

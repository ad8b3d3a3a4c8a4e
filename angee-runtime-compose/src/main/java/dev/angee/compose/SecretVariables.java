package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Values of secrets on their way to Compose. A file refers to them by variable; Compose finds the variables in its own
 * environment, and puts the values in place as they are (2.26 expands nothing within them). They are nowhere else: not
 * in a file, not among the words of a command. Prints variables only.
 */
final class SecretVariables {
    private static final SecretVariables NONE = new SecretVariables(Map.of());
    private static final int LONGEST = 128 * 1024; // Linux: one variable with its name and its end

    private final Map<String, String> values;

    private SecretVariables(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    static SecretVariables none() {
        return NONE;
    }

    /**
     * The secrets that some workloads need, and no others.
     *
     * @param needing the workloads that are about to start
     * @param secrets where the values are
     * @param charset what the JVM writes a child's environment in
     * @throws AngeeException {@code NOT_FOUND}, naming workload and secret, if one has no value
     * @throws InvalidInputException if no program can be given a value
     */
    static SecretVariables of(Collection<Workload> needing, ResolvedSecrets secrets, Charset charset) {
        Map<String, String> values = new TreeMap<>();
        for (Workload workload : needing) {
            String who = (workload.isJob() ? "job '" : "service '") + workload.name() + "'";
            for (SecretName name : workload.secrets()) {
                SecretValue value = secrets.find(name)
                        .orElseThrow(() -> new AngeeException(
                                ErrorCode.NOT_FOUND,
                                who + ": secret '" + name + "' has no value in the secret store (give it one)"));
                values.put(name.variable(), checked(who, name, value.reveal(), charset));
            }
        }
        return new SecretVariables(values);
    }

    /** What this JVM writes the environment of its children in: UTF-8, unless it runs in a locale of another age. */
    static Charset charsetOfChildren() {
        String locale = System.getProperty("sun.jnu.encoding", "UTF-8");
        // Until JDK 18, the default charset; since then, that of the locale.
        return Runtime.version().feature() <= 18 ? Charset.defaultCharset() : Charset.forName(locale);
    }

    private static String checked(String who, SecretName name, String value, Charset charset) {
        String problem = "";
        if (value.indexOf('\0') >= 0) {
            problem = "holds a NUL character, which no program can be given";
        } else if (!charset.equals(StandardCharsets.UTF_8) && value.chars().anyMatch(c -> c > '~')) {
            problem = "holds letters beyond ASCII, which this JVM cannot hand over in " + charset
                    + ": start it in a UTF-8 locale, with LC_ALL=C.UTF-8 for one";
        } else if (name.variable().length() + value.getBytes(StandardCharsets.UTF_8).length + 2 > LONGEST) {
            problem = "is longer than the 128 KiB that a program can be given";
        }
        if (!problem.isEmpty()) {
            throw new InvalidInputException(who, "the value of secret '" + name + "' " + problem);
        }
        return value;
    }

    /** Adds them to the environment of a program that is about to start. */
    void addTo(Map<String, String> environment) {
        environment.putAll(values);
    }

    /** A text that quotes a program which knew them, with {@code ***} in place of each value and each of its lines. */
    String hide(String text) {
        Set<String> traces =
                new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (String value : values.values()) {
            value.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
                traces.add(line);
                traces.add(line.replace("\\", "\\\\").replace("\"", "\\\"")); // as Go quotes it
            });
        }
        String hidden = text;
        for (String trace : traces) {
            hidden = hidden.replace(trace, "***");
        }
        return hidden;
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }
}

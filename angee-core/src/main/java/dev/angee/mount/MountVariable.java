package dev.angee.mount;

import dev.angee.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A local process sees a mount as a variable with the host path, such as {@code SOURCE_APP_PKG_PATH}. Pure. */
public final class MountVariable {
    private static final Pattern OTHER = Pattern.compile("[^A-Z0-9]");
    private static final Pattern OUTER = Pattern.compile("^_+|_+$");

    private MountVariable() {}

    /**
     * The name of a mount's variable: the scheme, the name, each folder of the subpath, and {@code PATH}, in upper case,
     * with {@code _} for what is no letter or digit of ASCII. For a bind, its whole path stands for the name.
     */
    public static String name(Mount mount) {
        List<String> parts = new ArrayList<>();
        parts.add(mount.scheme().id());
        parts.add(mount.name());
        parts.addAll(List.of(mount.subpath().split("/", -1)));
        parts.add("PATH");
        return String.join(
                "_",
                parts.stream()
                        .map(MountVariable::part)
                        .filter(part -> !part.isEmpty())
                        .toList());
    }

    /**
     * The variables of a workload's mounts, in name order. Two mounts of one folder may share a variable.
     *
     * @param mounts mounts resolved for a local process, each with a host path
     * @throws InvalidInputException naming both, if two mounts of different folders would have one variable, or a mount
     *     that has no folder on this host
     */
    public static Map<String, String> of(List<ResolvedMount> mounts) {
        Map<String, ResolvedMount> owners = new TreeMap<>();
        Map<String, String> variables = new TreeMap<>();
        for (ResolvedMount each : mounts) {
            String path = each.hostPath()
                    .orElseThrow(() -> new InvalidInputException(
                            "mounts",
                            "'" + each.mount() + "' has no folder on this host; resolve it for a local process"))
                    .toString();
            String name = name(each.mount());
            ResolvedMount earlier = owners.putIfAbsent(name, each);
            String taken = variables.putIfAbsent(name, path);
            if (earlier != null && !path.equals(taken)) {
                throw new InvalidInputException(
                        "mounts",
                        "'" + earlier.mount() + "' and '" + each.mount() + "' are both told to the process as " + name
                                + ", with different paths; remove one, or rename what it mounts");
            }
        }
        return Collections.unmodifiableMap(variables);
    }

    private static String part(String text) {
        String safe = OTHER.matcher(text.toUpperCase(Locale.ROOT)).replaceAll("_");
        return OUTER.matcher(safe).replaceAll("");
    }
}

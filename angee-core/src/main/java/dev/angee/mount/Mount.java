package dev.angee.mount;

import dev.angee.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A mount as it is written: {@code <scheme>://<name>[/<subpath>]:<target>[:ro|:rw]}, for {@code bind} a host path in
 * place of the name. Compose's short form {@code <volume or path>:<target>[:ro]} is read too. A working directory is
 * written like the first form, without the target.
 *
 * @param scheme what is mounted
 * @param name the source, workspace or volume; for a bind the host path
 * @param subpath the path below it, without {@code ..}; empty for all of it
 * @param target the absolute path in the container; empty for a working directory
 * @param readOnly whether it may only be read
 */
public record Mount(Scheme scheme, String name, String subpath, String target, boolean readOnly) {

    /** What can be mounted. */
    public enum Scheme {
        /** A source's folder. */
        SOURCE,
        /** A workspace's folder. */
        WORKSPACE,
        /** A named volume. */
        VOLUME,
        /** A path of the host, absolute or relative to the root. */
        BIND;

        /** The word before {@code ://}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a text is written as a mount URI at all. */
    public static boolean isUri(String text) {
        return text.contains("://");
    }

    /**
     * Parses a mount.
     *
     * @throws InvalidInputException saying what is wrong with it
     */
    public static Mount parse(String text) {
        String rest = isUri(text) ? afterScheme(text) : text;
        boolean readOnly = rest.endsWith(":ro");
        if (readOnly || rest.endsWith(":rw")) {
            rest = rest.substring(0, rest.length() - 3);
        }
        int colon = rest.indexOf(":/");
        if (colon < 1) {
            throw wrong(text, "it ends in ':<target>', the absolute path in the container");
        }
        String target = rest.substring(colon + 1);
        if (target.contains(":")) {
            throw wrong(text, "after the target only ':ro' or ':rw' may follow");
        }
        return located(
                text, isUri(text) ? scheme(text) : shortScheme(rest), rest.substring(0, colon), target, readOnly);
    }

    /** Compose's short form: a path is a bind, anything else a volume. */
    private static Scheme shortScheme(String text) {
        return text.startsWith("/") || text.startsWith(".") ? Scheme.BIND : Scheme.VOLUME;
    }

    /**
     * Parses a working directory written as a URI: the same, without a target.
     *
     * @throws InvalidInputException saying what is wrong with it
     */
    public static Mount parseWorkdir(String text) {
        return located(text, scheme(text), afterScheme(text), "", false);
    }

    private static Mount located(String text, Scheme scheme, String left, String target, boolean readOnly) {
        if (left.isEmpty()) {
            throw wrong(text, "a name is missing after '://'");
        }
        if (scheme == Scheme.BIND) {
            return new Mount(scheme, left, "", target, readOnly);
        }
        int slash = left.indexOf('/');
        String name = slash < 0 ? left : left.substring(0, slash);
        String subpath = slash < 0 ? "" : left.substring(slash + 1);
        if (name.isEmpty()) {
            throw wrong(text, "a name is missing after '://'");
        }
        if (Arrays.asList(subpath.split("/", -1)).contains("..")) {
            throw wrong(text, "'..' would leave the " + scheme.id());
        }
        if (scheme == Scheme.VOLUME && !subpath.isEmpty()) {
            throw wrong(text, "a volume is mounted as a whole; remove '/" + subpath + "'");
        }
        return new Mount(scheme, name, subpath, target, readOnly);
    }

    private static Scheme scheme(String text) {
        String word = text.substring(0, Math.max(0, text.indexOf("://")));
        Optional<Scheme> scheme =
                Arrays.stream(Scheme.values()).filter(s -> s.id().equals(word)).findFirst();
        List<String> known = Arrays.stream(Scheme.values()).map(Scheme::id).toList();
        return scheme.orElseThrow(
                () -> wrong(text, "'" + word + "' is not a scheme (schemes: " + String.join(", ", known) + ")"));
    }

    private static String afterScheme(String text) {
        int at = text.indexOf("://");
        if (at < 0) {
            throw wrong(text, "it begins with a scheme, such as 'source://app:/src'");
        }
        return text.substring(at + 3);
    }

    private static InvalidInputException wrong(String text, String reason) {
        return new InvalidInputException("mount", "'" + text + "' is not a mount: " + reason);
    }
}

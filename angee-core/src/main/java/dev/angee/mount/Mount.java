package dev.angee.mount;

import dev.angee.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A mount as it is written: {@code <scheme>://<name>[/<subpath>]:<target>[:ro|:rw]}, for {@code bind} a host path in
 * place of the name. Compose's short form {@code <volume or path>:<target>[:ro|:rw]} is read too. A working directory is
 * written like the first form, without the target.
 *
 * <p>Where the text has several colons, the target begins at the last {@code :/}, and holds no colon itself:
 * {@code bind:///a:/b:/c} mounts the host's {@code /a:/b} at {@code /c}. Spaces are part of a path. Slashes that say
 * nothing ({@code a//b}, {@code a/./b}, {@code a/}) are left out. {@code ..} is refused, but in the host path of a bind,
 * where it is taken as it is spelled, whatever links there are. A value of this type has been checked: {@link #text()},
 * parsed again, is equal to it.
 *
 * @param scheme what is mounted
 * @param name the source, workspace, volume or persist folder; for a bind the host path
 * @param subpath the path below it, without {@code ..}; empty for all of it, and for a bind
 * @param target the absolute path in the container; empty for a working directory
 * @param readOnly whether it may only be read
 */
public record Mount(Scheme scheme, String name, String subpath, String target, boolean readOnly) {
    private static final String READ_ONLY = ":ro";
    private static final String READ_WRITE = ":rw";

    /** What can be mounted. */
    public enum Scheme {
        /** A source's folder. */
        SOURCE,
        /** A workspace's folder. */
        WORKSPACE,
        /** A named volume: kept by the engine for containers, a folder for local processes. */
        VOLUME,
        /** A path of the host, absolute or relative to the root. */
        BIND,
        /** A folder that outlives the stack: an entry of {@code persist}. */
        PERSIST;

        /** The word before {@code ://}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The scheme that the {@code type} of a mount written as a map stands for.
         *
         * @throws InvalidInputException for anything but {@code bind} and {@code volume}
         */
        public static Scheme ofType(String type) {
            return switch (type) {
                case "bind" -> BIND;
                case "volume" -> VOLUME;
                default ->
                    throw new InvalidInputException(
                            "type",
                            "'" + Pieces.shown(type) + "' is not a type of mount (types: bind, volume); write a source,"
                                    + " workspace or persist folder as text, such as 'source://app:/src'");
            };
        }

        private static Optional<Scheme> of(String word) {
            return Arrays.stream(values()).filter(s -> s.id().equals(word)).findFirst();
        }
    }

    /**
     * Checks the pieces, and spells them without slashes that say nothing.
     *
     * @throws InvalidInputException saying what is wrong
     */
    public Mount {
        Pieces.requireShort(name, subpath, target);
        name = scheme == Scheme.BIND ? Pieces.hostPath(name) : Pieces.name(scheme.id(), name);
        subpath = Pieces.subpath(scheme, subpath);
        if (scheme == Scheme.BIND && !subpath.isEmpty()) {
            throw Pieces.refused("a bind has one path, not a path below a name");
        }
        boolean workdir = target.isEmpty();
        target = workdir ? target : Pieces.target(target);
        if (workdir && readOnly) {
            throw Pieces.refused("a working directory is not mounted, so it cannot be read-only");
        }
        if (workdir && (name + subpath).indexOf(':') >= 0) {
            throw Pieces.refused("a working directory has no target; leave out the ':' and what follows it");
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
        try {
            Pieces.requirePlain(text);
            Optional<Scheme> written = isUri(text) ? Optional.of(scheme(text)) : Optional.empty();
            String rest = isUri(text) ? afterScheme(text) : text;
            boolean readOnly = rest.endsWith(READ_ONLY);
            if (readOnly || rest.endsWith(READ_WRITE)) {
                rest = rest.substring(0, rest.length() - READ_ONLY.length());
            }
            int colon = rest.lastIndexOf(":/");
            if (colon < 0) {
                throw Pieces.refused("it ends in ':<target>', the absolute path in the container");
            }
            String left = rest.substring(0, colon);
            Scheme scheme = written.orElseGet(() -> shortScheme(left));
            Mount mount = of(scheme, left, rest.substring(colon + 1));
            return readOnly ? mount.asReadOnly() : mount;
        } catch (InvalidInputException e) {
            throw wrong(text, e);
        }
    }

    /**
     * Parses a working directory written as a URI: the same, without a target.
     *
     * @throws InvalidInputException saying what is wrong with it
     */
    public static Mount parseWorkdir(String text) {
        try {
            Pieces.requirePlain(text);
            Scheme scheme = scheme(text);
            String left = afterScheme(text);
            if (left.indexOf(':') >= 0) {
                throw Pieces.refused("a working directory has no target; leave out the ':' and what follows it");
            }
            return located(scheme, left, "");
        } catch (InvalidInputException e) {
            throw wrong(text, e);
        }
    }

    /**
     * A mount from its parts, as a mount written as a map gives them.
     *
     * @param scheme what is mounted; see {@link Scheme#ofType}
     * @param source what stands between {@code ://} and the target
     * @param target the absolute path in the container
     * @throws InvalidInputException saying what is wrong
     */
    public static Mount of(Scheme scheme, String source, String target) {
        if (target.isEmpty()) {
            throw Pieces.refused("the target is missing, the absolute path in the container");
        }
        return located(scheme, source, target);
    }

    /** The same, but it may only be read. */
    public Mount asReadOnly() {
        return new Mount(scheme, name, subpath, target, true);
    }

    /** Whether this is a working directory: nothing is mounted for it. */
    public boolean isWorkdir() {
        return target.isEmpty();
    }

    /** The text that {@link #parse} (of a working directory, {@link #parseWorkdir}) makes this of. */
    public String text() {
        return scheme.id() + "://" + name + (subpath.isEmpty() ? "" : "/" + subpath)
                + (target.isEmpty() ? "" : ":" + target) + (readOnly ? READ_ONLY : "");
    }

    @Override
    public String toString() {
        return text();
    }

    private static Mount located(Scheme scheme, String left, String target) {
        int slash = scheme == Scheme.BIND ? -1 : left.indexOf('/');
        return slash < 0
                ? new Mount(scheme, left, "", target, false)
                : new Mount(scheme, left.substring(0, slash), left.substring(slash + 1), target, false);
    }

    /** Compose's short form: a path is a bind, anything else a volume. */
    private static Scheme shortScheme(String left) {
        if (left.startsWith("/") || left.startsWith(".") || left.startsWith("~")) {
            return Scheme.BIND;
        }
        if (left.contains("/")) {
            throw Pieces.refused("a path of the host begins with '/' or './', a volume has no '/' in its name");
        }
        return Scheme.VOLUME;
    }

    private static Scheme scheme(String text) {
        String word = text.substring(0, Math.max(0, text.indexOf("://")));
        List<String> known = Arrays.stream(Scheme.values()).map(Scheme::id).toList();
        return Scheme.of(word)
                .orElseThrow(() -> Pieces.refused(
                        "'" + Pieces.shown(word) + "' is not a scheme (schemes: " + String.join(", ", known) + ")"));
    }

    private static String afterScheme(String text) {
        return text.substring(text.indexOf("://") + 3);
    }

    private static InvalidInputException wrong(String text, InvalidInputException problem) {
        return new InvalidInputException("mount", "'" + Pieces.shown(text) + "' is not a mount: " + problem.reason());
    }
}

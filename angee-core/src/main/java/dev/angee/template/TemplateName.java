package dev.angee.template;

import dev.angee.InvalidInputException;
import dev.angee.internal.ShownAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a template may be called, before anybody looks for it. */
final class TemplateName {
    private static final int LONGEST = 1000;
    private static final int LONGEST_SHOWN = 100;
    private static final String PART = "[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern NAME = Pattern.compile(PART + "(/" + PART + "){0,7}");
    private static final Pattern PINNED = Pattern.compile("([^@]+)@[^-@{\\s][^@\\s]*");

    private TemplateName() {}

    /** Whether it is the name of a folder below a library: {@code dev}, {@code stacks/dev}. */
    static boolean isPlain(String ref) {
        return NAME.matcher(ref).matches() && !ref.contains("..");
    }

    /** Whether it is a name with a pin: {@code stacks/dev@v1}. */
    static boolean isPinned(String ref) {
        var pinned = PINNED.matcher(ref);
        return pinned.matches() && isPlain(pinned.group(1));
    }

    /** Whether it is a name without a family: {@code dev}, {@code dev@v1}. */
    static boolean isShort(String ref) {
        return (isPlain(ref) || isPinned(ref)) && ref.replaceFirst("@.*", "").indexOf('/') < 0;
    }

    /** Whether it is a place on this host. */
    static boolean isLocalPath(String ref) {
        return ref.startsWith("/") || ref.toLowerCase(Locale.ROOT).startsWith("file:");
    }

    /**
     * Refuses what is neither a name, with a pin or without, nor begins to look like an address. Whether an address is one
     * is for the library to say that fetches from there.
     */
    static void check(String ref) {
        if (ref.isBlank() || ref.length() > LONGEST) {
            throw refused(ref, "say which: a name such as stacks/dev, of 1 to " + LONGEST + " characters");
        }
        if (ref.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c)) || ref.contains("@{")) {
            throw refused(ref, "no name of a template has spaces, control characters or '@{'");
        }
        boolean address = ref.contains(":") || ref.contains("//") || ref.startsWith("/");
        var pinned = PINNED.matcher(ref);
        if (!address && !isPlain(pinned.matches() ? pinned.group(1) : ref)) {
            throw refused(ref, "is no name such as stacks/dev or stacks/dev@v1, and no address either");
        }
    }

    /** The same name, without the branch, tag or commit that it is pinned to after an {@code @} or a {@code ?ref=}. */
    static String withoutPin(String ref) {
        int query = ref.indexOf("?ref=");
        if (query >= 0) {
            return ref.substring(0, query);
        }
        int scheme = ref.indexOf("://");
        int host = scheme < 0 ? ref.indexOf(':') : ref.indexOf('/', scheme + 3); // a user may stand before it
        int pin = ref.lastIndexOf('@');
        return pin > host ? ref.substring(0, pin) : ref;
    }

    private static InvalidInputException refused(String ref, String reason) {
        String address = ShownAddress.of(ref);
        String shown = address.length() > LONGEST_SHOWN ? address.substring(0, LONGEST_SHOWN) + "…" : address;
        return new InvalidInputException("template", "'" + shown + "': " + reason);
    }
}

package dev.angee.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address as a message may quote it: without what people put credentials into, wherever they put them. It is of no use but to
 * be read.
 */
public final class ShownAddress {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:/*)(.*)", Pattern.DOTALL);
    private static final Pattern PORTS = Pattern.compile("(\\[[^]]*]|[^:]*)(:[0-9]*)?");
    /** {@code user:password@} before a host, also where what stands before the slashes is no scheme. */
    private static final Pattern LOGIN = Pattern.compile("^([^/:@]*/+)?[^/:@]*:[^@]*@(?=[^/@]*[:/])");

    private static final String CUT = "…";

    private ShownAddress() {}

    /** The address without user, password, query and fragment. */
    public static String of(String address) {
        int end = end(address);
        String text = address.substring(0, end);
        String shown = text.contains("://") ? url(text) : LOGIN.matcher(text).replaceFirst("$1");
        return (end < address.length() ? shown + address.charAt(end) + CUT : shown).replaceAll("\\p{Cntrl}", "?");
    }

    private static int end(String address) {
        for (int i = 0; i < address.length(); i++) {
            if (address.charAt(i) == '?' || address.charAt(i) == '#') {
                return i;
            }
        }
        return address.length();
    }

    private static String url(String text) {
        Matcher parts = SCHEME.matcher(text);
        if (!parts.matches()) {
            return CUT; // Whoever wrote it before the colon may have written anything.
        }
        String rest = parts.group(2);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        int at = authority.lastIndexOf('@');
        if (at < 0 && !PORTS.matcher(authority).matches()) {
            return parts.group(1) + rest.substring(rest.lastIndexOf('@') + 1); // A password may have slashes.
        }
        return parts.group(1) + rest.substring(at + 1);
    }
}

package dev.angee.mount;

import dev.angee.InvalidInputException;
import dev.angee.mount.Mount.Scheme;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the pieces of a mount may hold, and how they are spelled once they are checked. Pure. */
final class Pieces {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int LONGEST = 4096;
    private static final int LONGEST_PATHS = LONGEST - 64; // leaves room for the scheme, and what else stands between
    private static final int LONGEST_PART = 255;
    private static final int SHOWN = 200;

    private Pieces() {}

    /** Whether a text can be the name of one folder: it is neither a path nor a way out of one. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.contains("..") && !text.endsWith(".") && !text.endsWith(".lock");
    }

    /** A name that is about to become a folder. */
    static String name(String kind, String text) {
        if (!isName(text)) {
            throw refused(notAName(kind, text));
        }
        return text;
    }

    /** Why a text is no name. */
    static String notAName(String kind, String text) {
        return (text.isEmpty() ? "a name is missing" : "'" + shown(text) + "' is not the name of a " + kind)
                + "; a name is up to 63 of A-Z a-z 0-9 . _ -, begins with a letter or digit, and has no '..'";
    }

    /** A path below a source, workspace, volume or persist folder. */
    static String subpath(Scheme scheme, String text) {
        List<String> parts = parts(text);
        if (parts.contains("..")) {
            throw refused("'..' would leave the " + scheme.id() + "; name a path below it");
        }
        return String.join("/", parts);
    }

    /** An absolute path in a container. */
    static String target(String text) {
        if (text.indexOf(':') >= 0) {
            throw refused("after the target only ':ro' or ':rw' may follow, once");
        }
        if (!text.startsWith("/")) {
            throw refused("the target '" + shown(text) + "' must be an absolute path in the container");
        }
        List<String> parts = parts(text);
        if (parts.contains("..")) {
            throw refused("the target '" + shown(text) + "' has a '..'; write where it leads");
        }
        if (parts.isEmpty()) {
            throw refused("the target '/' would hide the container's own files; name a folder below it");
        }
        return "/" + String.join("/", parts);
    }

    /** A path of the host, absolute or relative; {@code ..} is taken as it is spelled, whatever links there are. */
    static String hostPath(String text) {
        if (text.isEmpty()) {
            throw refused("a host path is missing");
        }
        if (text.startsWith("~")) {
            throw refused("'~' is not expanded; write the absolute path, or one relative to the root");
        }
        boolean absolute = text.startsWith("/");
        List<String> clean = new ArrayList<>();
        for (String part : parts(text)) {
            boolean back = part.equals("..");
            boolean canGoBack = !clean.isEmpty() && !clean.get(clean.size() - 1).equals("..");
            if (back && canGoBack) {
                clean.remove(clean.size() - 1);
            } else if (!back || !absolute) {
                clean.add(part);
            }
        }
        String joined = String.join("/", clean);
        // A first part with a '~' was reached as './~x': spelled without the './' it would mean a home folder.
        String relative = joined.startsWith("~") ? "./" + joined : joined.isEmpty() ? "." : joined;
        return absolute ? "/" + joined : relative;
    }

    /** The parts between the slashes, without those that say nothing. */
    private static List<String> parts(String text) {
        requirePlain(text);
        List<String> parts = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART) {
                throw refused("a part of the path is longer than " + LONGEST_PART + " bytes");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Refuses pieces that are too long together, whatever is written between them. */
    static void requireShort(String name, String subpath, String target) {
        if (name.length() + subpath.length() + target.length() > LONGEST_PATHS) {
            throw refused("its paths are longer than " + LONGEST_PATHS + " characters");
        }
    }

    /** Refuses what no path we hand on should hold. */
    static void requirePlain(String text) {
        if (text.length() > LONGEST) {
            throw refused("it is longer than " + LONGEST + " characters");
        }
        text.codePoints().forEach(c -> {
            if (c == '\\') {
                throw refused("it holds a backslash; the parts of a path are separated by '/'");
            }
            if (Character.isISOControl(c)) {
                throw refused("it holds a control character (U+%04X)".formatted(c));
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw refused("it is not valid Unicode text");
            }
        });
    }

    /** A text for a message: short, and in one line. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(SHOWN).forEach(c -> {
            if (Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                shown.append("\\u%04x".formatted(c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > SHOWN ? shown + "…" : shown.toString();
    }

    static InvalidInputException refused(String reason) {
        return new InvalidInputException("mount", reason);
    }
}

package dev.angee.source;

import dev.angee.InvalidInputException;
import dev.angee.internal.ShownAddress;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a repository is: {@code https}, {@code http}, {@code ssh}, {@code git} or {@code file} URL, the scp-like
 * {@code user@host:path}, or an absolute path. A repository of this host is an absolute path or begins with {@code file://}. Never one that makes git run a program ({@code ext::}), that looks like
 * an option, or that carries a password, since a URL ends up in configuration files and logs.
 *
 * @param value the text as it was given
 */
public record GitUrl(String value) {
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/.*)?", Pattern.DOTALL);
    private static final Pattern SCP_LIKE =
            Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9._-]*:(?![/:]{2})[^-:].*");
    /** What one engine or another takes for a folder of this host, though it begins as a host of the network does. */
    private static final Pattern LOCAL = Pattern.compile("(?:(?i:file):(?!//)|[A-Za-z]:/).*");

    private static final Pattern SCP_PASSWORD = Pattern.compile("[^/@]*:[^@]*@[^/@]*:.*");
    private static final Set<String> SCHEMES = Set.of("https", "http", "ssh", "git", "file");

    /** Refuses what is not one of the forms above. */
    public GitUrl {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidInputException("repo", "a repository URL has no control characters");
        }
        Matcher url = URL.matcher(value);
        if (url.matches()) {
            String scheme = url.group(1).toLowerCase(Locale.ROOT);
            if (!SCHEMES.contains(scheme)) {
                throw new InvalidInputException(
                        "repo", "scheme '" + scheme + "' is not one of https, http, ssh, git, file");
            }
            checkAuthority(scheme, url.group(2));
        } else if (LOCAL.matcher(value).matches()) {
            throw new InvalidInputException("repo", "a repository on this host is /path or file:///path");
        } else if (SCP_PASSWORD.matcher(value).matches()) {
            throw password();
        } else if (!value.startsWith("/") && !SCP_LIKE.matcher(value).matches()) {
            throw new InvalidInputException(
                    "repo",
                    "'" + ShownAddress.of(value) + "' is neither a URL, nor user@host:path, nor an absolute path");
        }
    }

    /** The repository at this place. */
    public static GitUrl of(String value) {
        return new GitUrl(value);
    }

    private static void checkAuthority(String scheme, String authority) {
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1);
        if (host.startsWith("-") || (at >= 0 && authority.startsWith("-"))) {
            throw new InvalidInputException("repo", "a host cannot begin with a dash");
        }
        if (at >= 0 && (scheme.startsWith("http") || authority.substring(0, at).contains(":"))) {
            throw password();
        }
    }

    private static InvalidInputException password() {
        return new InvalidInputException(
                "repo", "a repository URL cannot hold a password or token; give credentials with the call");
    }

    @Override
    public String toString() {
        return value;
    }
}

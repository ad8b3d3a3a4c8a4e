package dev.angee.secret;

import dev.angee.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an OpenBao server keeps our secrets.
 *
 * @param address the server, {@code https://bao.example:8200}; a path before {@code /v1} is allowed, credentials are not
 * @param mount where the KV version 2 engine is mounted; slashes around it are taken off
 * @param path the folder in that engine; slashes around it are taken off
 * @param token what the server knows us by; empty if it asks for none
 * @param namespace the namespace of the server, if it has any
 * @param timeout how long to wait for a connection, and for an answer
 */
public record OpenBaoSettings(
        URI address,
        String mount,
        String path,
        Optional<SecretValue> token,
        Optional<String> namespace,
        Duration timeout) {
    /** The variable that has the address where the manifest gives none. */
    public static final String ADDRESS_VARIABLE = "OPENBAO_ADDR";

    /** The variable that has the token where the manifest gives none. */
    public static final String TOKEN_VARIABLE = "OPENBAO_TOKEN";

    private static final String DEFAULT_MOUNT = "secret";
    private static final String DEFAULT_PATH = "angee";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final Pattern HEADER = Pattern.compile("[!-~]+");

    /** Refuses what no server can be asked with, with {@link InvalidInputException}. */
    public OpenBaoSettings {
        address = checkedAddress(address);
        mount = segments("openbao.mount", mount);
        path = segments("openbao.path", path);
        token.ifPresent(value -> header("openbao.token", value.reveal()));
        namespace.ifPresent(value -> header("openbao.namespace", value));
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new InvalidInputException("openbao.timeout", "must be from 1 ms to 1 h");
        }
    }

    /**
     * The settings of a manifest, completed from the environment. What is missing or empty comes from
     * {@value #ADDRESS_VARIABLE} and {@value #TOKEN_VARIABLE}, or is the default: mount {@code secret}, path
     * {@code angee}, no namespace, 10 seconds. An address or token of exactly the form <code>${NAME}</code> is the
     * variable {@code NAME} of the environment; nothing else is expanded, and <code>${</code> elsewhere is refused.
     *
     * @param declared any of {@code address}, {@code mount}, {@code path} and {@code token}
     * @param environment the variables of the environment
     * @throws InvalidInputException for another key, for a variable that is not set, and if there is no address
     */
    public static OpenBaoSettings of(Map<String, String> declared, Map<String, String> environment) {
        for (String key : declared.keySet()) {
            if (!Arrays.asList("address", "mount", "path", "token").contains(key)) {
                throw new InvalidInputException("openbao." + key, "is not known; use address, mount, path and token");
            }
        }
        String address = value("address", ADDRESS_VARIABLE, declared, environment)
                .orElseThrow(() -> new InvalidInputException(
                        "openbao.address", "is missing; give it, or set the variable " + ADDRESS_VARIABLE));
        return new OpenBaoSettings(
                uri(address),
                text(declared, "mount").orElse(DEFAULT_MOUNT),
                text(declared, "path").orElse(DEFAULT_PATH),
                value("token", TOKEN_VARIABLE, declared, environment).map(SecretValue::of),
                Optional.empty(),
                DEFAULT_TIMEOUT);
    }

    /** The same, in a namespace of the server. */
    public OpenBaoSettings inNamespace(String name) {
        return new OpenBaoSettings(address, mount, path, token, Optional.of(name), timeout);
    }

    /** The same, with another patience. */
    public OpenBaoSettings waiting(Duration patience) {
        return new OpenBaoSettings(address, mount, path, token, namespace, patience);
    }

    private static Optional<String> value(
            String key, String fallback, Map<String, String> declared, Map<String, String> environment) {
        Optional<String> given = text(declared, key);
        if (given.isEmpty()) {
            return text(environment, fallback);
        }
        Matcher reference = REFERENCE.matcher(given.get());
        if (reference.matches()) {
            String name = reference.group(1);
            return Optional.of(text(environment, name)
                    .orElseThrow(() -> new InvalidInputException(
                            "openbao." + key,
                            "the variable " + name + " is not set; set it, or leave '" + key + "' out and set "
                                    + fallback)));
        }
        if (given.get().contains("${")) {
            throw new InvalidInputException(
                    "openbao." + key,
                    "holds '${', and only a whole '${NAME}' is expanded here; leave '" + key
                            + "' out and set the variable " + fallback);
        }
        return given;
    }

    private static Optional<String> text(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** The message of the parser shows what it could not parse, which may hold a password. */
    private static URI uri(String address) {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            throw new InvalidInputException(
                    "openbao.address", "is not an address, from character " + (e.getIndex() + 1) + " on");
        }
    }

    private static URI checkedAddress(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || address.getHost() == null) {
            throw new InvalidInputException("openbao.address", "must be like https://bao.example:8200");
        }
        if (address.getRawUserInfo() != null || address.getRawQuery() != null || address.getRawFragment() != null) {
            throw new InvalidInputException(
                    "openbao.address", "may have no credentials, query or fragment; the token is given on its own");
        }
        String text = address.toString();
        return URI.create(text.replaceAll("/+$", ""));
    }

    private static String segments(String field, String path) {
        String trimmed = path.replaceAll("^/+|/+$", "");
        for (String segment : trimmed.split("/", -1)) {
            boolean odd = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (odd || segment.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidInputException(
                        field, "must be names with single slashes between them, none of them '.' or '..'");
            }
        }
        return trimmed;
    }

    /** The JDK puts a header it refuses into the message, so it must never see one. */
    private static void header(String field, String value) {
        if (!HEADER.matcher(value).matches()) {
            throw new InvalidInputException(field, "may hold only printable ASCII characters, and no blank");
        }
    }
}

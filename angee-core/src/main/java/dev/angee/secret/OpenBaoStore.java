package dev.angee.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Secrets in an OpenBao or Vault server, in its KV engine of version 2, each as the field {@code value} under its own
 * name. Deleting takes the newest version away, which the server can give back ({@code undelete}).
 *
 * <p>A call ends within the {@linkplain OpenBaoSettings#timeout timeout} for the connection and again for the answer. A
 * server that cannot be reached, is sealed, overloaded or broken (429, 5xx) is {@code UNAVAILABLE}; one that refuses or does
 * not speak the protocol is {@code FAILED}; the message has the status and says what to do. Redirects are not followed.
 * An interrupt does not end a call early. Needs no lock of ours: the server checks the version that
 * {@link #putIfAbsent} counts on.
 */
public final class OpenBaoStore implements SecretStore {
    private static final int ATTEMPTS = 8;
    private static final int NOT_FOUND = 404;

    private final OpenBaoSettings settings;
    private final OpenBaoHttp http;

    private OpenBaoStore(OpenBaoSettings settings) {
        this.settings = settings;
        this.http = new OpenBaoHttp(settings);
    }

    /** The store on a server; asks it nothing yet. */
    public static OpenBaoStore at(OpenBaoSettings settings) {
        return new OpenBaoStore(settings);
    }

    @Override
    public Optional<SecretValue> get(SecretName name) {
        return current(name).value;
    }

    @Override
    public void put(SecretName name, SecretValue value) {
        OpenBaoHttp.Answer answer = http.send("POST", data(name), body(value));
        if (!answer.ok()) {
            throw refused("set secret '" + name + "'", answer);
        }
    }

    @Override
    public SecretValue putIfAbsent(SecretName name, SecretValue value) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Current current = current(name);
            if (current.value.isPresent()) {
                return current.value.get();
            }
            ObjectNode body = body(value);
            body.putObject("options").put("cas", current.version);
            OpenBaoHttp.Answer answer = http.send("POST", data(name), body);
            if (answer.ok()) {
                return value;
            }
            if (!lostTheRace(answer)) {
                throw refused("set secret '" + name + "'", answer);
            }
        }
        throw new ConflictException(
                "secret", name.value(), "is changed in " + this + " by others time and again; try again");
    }

    @Override
    public void delete(SecretName name) {
        if (get(name).isEmpty()) {
            return;
        }
        OpenBaoHttp.Answer answer = http.send("DELETE", data(name), null);
        if (!answer.ok() && answer.status() != NOT_FOUND) {
            throw refused("delete secret '" + name + "'", answer);
        }
    }

    /** The names of all secrets in the folder. Asks for each, as the server lists deleted ones too. */
    @Override
    public Set<String> keys() {
        OpenBaoHttp.Answer answer = http.send(
                "GET",
                "/v1/" + escape(settings.mount()) + "/metadata/" + escape(settings.path()) + "/?list=true",
                null);
        Set<String> keys = new TreeSet<>();
        if (answer.status() == NOT_FOUND) {
            return keys;
        }
        JsonNode listed = answer.body().path("data").path("keys");
        if (!answer.ok() || !listed.isArray()) {
            throw refused("list secrets", answer);
        }
        for (JsonNode key : listed) {
            String name = key.asText();
            if (SecretName.isValid(name) && current(new SecretName(name)).value.isPresent()) {
                keys.add(name);
            }
        }
        return keys;
    }

    /** The name of the secret. */
    @Override
    public String key(SecretName name) {
        return name.value();
    }

    /** What the server has of a secret now: its value, and the number of its newest version, be it deleted or not. */
    private record Current(Optional<SecretValue> value, int version) {}

    private Current current(SecretName name) {
        OpenBaoHttp.Answer answer = http.send("GET", data(name), null);
        JsonNode data = answer.body().path("data");
        int version = data.path("metadata").path("version").asInt(0);
        if (answer.status() == NOT_FOUND) {
            return new Current(Optional.empty(), version);
        }
        if (!answer.ok()) {
            throw refused("read secret '" + name + "'", answer);
        }
        JsonNode value = data.path("data").path("value");
        if (!value.isTextual()) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    "cannot read secret '" + name + "' in " + this + ": there is no text in its field 'value', so"
                            + " something else has written it; set it anew, or see that openbao.mount is a KV engine"
                            + " of version 2");
        }
        return new Current(Optional.of(SecretValue.of(value.textValue())), version);
    }

    private String data(SecretName name) {
        return "/v1/" + escape(settings.mount()) + "/data/" + escape(settings.path()) + "/" + escape(name.value());
    }

    private static ObjectNode body(SecretValue value) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("data").put("value", value.reveal());
        return body;
    }

    private static boolean lostTheRace(OpenBaoHttp.Answer answer) {
        return answer.status() == 400 && answer.body().path("errors").toString().contains("check-and-set");
    }

    private AngeeException refused(String what, OpenBaoHttp.Answer answer) {
        int status = answer.status();
        boolean later = status == 429 || status >= 500;
        return new AngeeException(
                later ? ErrorCode.UNAVAILABLE : ErrorCode.FAILED,
                "cannot " + what + " in " + this + ": " + advice(answer));
    }

    private static String advice(OpenBaoHttp.Answer answer) {
        int status = answer.status();
        if (answer.ok()) {
            return "the answer (status " + status + ") is not what OpenBao says; check openbao.address";
        }
        String hint = switch (status) {
            case 301, 302, 303, 307, 308 ->
                "it sends us elsewhere, where the token must not go; make"
                        + " openbao.address the address of the active server";
            case 400 -> "it does not take the request; see that openbao.mount is a KV engine of version 2";
            case 401, 403 ->
                "the token is missing, expired, or may not do this; check openbao.token or "
                        + OpenBaoSettings.TOKEN_VARIABLE;
            case 404 -> "there is no such path; check openbao.mount and openbao.path";
            case 413 -> "the value is too large for it";
            case 429 -> "it is asked too often, or is a standby; try again later";
            case 503 -> "it is sealed or in maintenance; unseal it, and try again";
            default -> status >= 500 ? "it is broken; see its log" : "it refuses the request; see its log";
        };
        return "status " + status + ": " + hint;
    }

    /** Each segment for itself, so that a slash stays one; what is left alone is unreserved in every URL. */
    private static String escape(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            StringBuilder escaped = new StringBuilder();
            for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
                boolean unreserved = b > 0 && (Character.isLetterOrDigit(b) || "-._~".indexOf(b) >= 0);
                escaped.append(unreserved ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b));
            }
            segments.add(escaped.toString());
        }
        return String.join("/", segments);
    }

    /** The server, mount and path. */
    @Override
    public String toString() {
        return "OpenBao at " + settings.address() + ", " + settings.mount() + "/" + settings.path();
    }
}

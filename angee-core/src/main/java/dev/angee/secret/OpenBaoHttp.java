package dev.angee.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request, one answer, as JSON. {@link HttpURLConnection}, as it is in {@code java.base}: core asks for no more of the
 * platform than it did. Its messages are ours or hold no more than the address; a body is never quoted.
 */
final class OpenBaoHttp {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST = 4 << 20;

    private final OpenBaoSettings settings;

    OpenBaoHttp(OpenBaoSettings settings) {
        this.settings = settings;
    }

    /** What the server said; the body is missing where it is not JSON. */
    record Answer(int status, JsonNode body, Optional<String> redirect) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        /** Nothing of the body. */
        @Override
        public String toString() {
            return "status " + status;
        }
    }

    Answer send(String method, String target, @Nullable JsonNode body) {
        URI uri = URI.create(settings.address() + target);
        try {
            return exchange(uri.toURL(), method, body);
        } catch (SocketTimeoutException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "OpenBao at " + settings.address() + " did not answer within "
                            + settings.timeout().toMillis() + " ms; see whether it is up, and try again",
                    e);
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE,
                    "cannot reach OpenBao at " + settings.address() + " ("
                            + e.getClass().getSimpleName() + "); see whether it is up and openbao.address is right",
                    e);
        }
    }

    private Answer exchange(URL url, String method, @Nullable JsonNode body) throws IOException {
        URLConnection opened = url.openConnection();
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new IOException("no HTTP connection: " + opened.getClass());
        }
        try {
            int timeout = (int) settings.timeout().toMillis();
            long deadline = System.nanoTime() + settings.timeout().toNanos();
            connection.setRequestMethod(method);
            connection.setConnectTimeout(timeout);
            connection.setReadTimeout(timeout);
            connection.setInstanceFollowRedirects(false); // the token is for this server and no other
            connection.setUseCaches(false);
            connection.setRequestProperty("Accept", "application/json");
            settings.token().ifPresent(token -> connection.setRequestProperty("X-Vault-Token", token.reveal()));
            settings.namespace().ifPresent(name -> connection.setRequestProperty("X-Vault-Namespace", name));
            if (body != null) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.toString().getBytes(StandardCharsets.UTF_8));
                }
            }
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("not an HTTP server");
            }
            byte[] answer = read(status < 400 ? connection.getInputStream() : connection.getErrorStream(), deadline);
            return new Answer(status, parse(answer), Optional.ofNullable(connection.getHeaderField("Location")));
        } finally {
            connection.disconnect();
        }
    }

    private static byte[] read(@Nullable InputStream stream, long deadline) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (stream == null) {
            return new byte[0];
        }
        try (stream) {
            byte[] buffer = new byte[8192];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                content.write(buffer, 0, n);
                if (content.size() > LARGEST) {
                    throw new IOException("the answer is larger than 4 MiB");
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new SocketTimeoutException("the answer is too slow");
                }
            }
        }
        return content.toByteArray();
    }

    /** The parser's own exception shows the text around the mistake, so it goes no further. */
    private static JsonNode parse(byte[] text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}

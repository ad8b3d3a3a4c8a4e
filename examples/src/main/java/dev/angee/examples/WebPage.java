package dev.angee.examples;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks web services for pages. */
final class WebPage {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** Fails unless the page has the text on a line of its own. */
    void require(String url, String line) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        String body = client.send(request, BodyHandlers.ofString()).body();
        if (body.lines().noneMatch(line::equals)) {
            throw new AngeeException(ErrorCode.FAILED, url + " does not show '" + line + "' but:\n" + body);
        }
    }
}

package dev.angee.compile;

import dev.angee.plan.PublishedPort;
import dev.angee.plan.PublishedPort.Protocol;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The short form of a published port: {@code [[address:]host:]target[/tcp|/udp]}. */
final class PortText {
    private static final Pattern FORM = Pattern.compile(
            "(?:(?:(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-fA-F:]+]):)?(\\d{1,5}):)?(\\d{1,5})(?:/(tcp|udp))?");
    private static final int HIGHEST = 65535;

    private PortText() {}

    static Optional<PublishedPort> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        String address = form.group(1) == null ? "0.0.0.0" : form.group(1).replaceAll("[\\[\\]]", "");
        int host = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
        int target = Integer.parseInt(form.group(3));
        if (host > HIGHEST || target < 1 || target > HIGHEST || (form.group(2) != null && host == 0)) {
            return Optional.empty();
        }
        Protocol protocol = "udp".equals(form.group(4)) ? Protocol.UDP : Protocol.TCP;
        return Optional.of(new PublishedPort(address, host, target, protocol));
    }
}

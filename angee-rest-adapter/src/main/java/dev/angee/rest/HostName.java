package dev.angee.rest;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Host names as they are written in a {@code Host} header or given to bind to. Never asks a name server. */
final class HostName {
    private static final Pattern HEADER = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:]+)(:\\d{0,5})?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private HostName() {}

    /** The host in a {@code Host} header, without port and brackets; empty if it is malformed. */
    static Optional<String> inHeader(String value) {
        Matcher parts = HEADER.matcher(value.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        String host = parts.group(1);
        return Optional.of(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }

    /** Whether it is {@code localhost} or an address that only this host can reach. */
    static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

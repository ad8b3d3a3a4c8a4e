package dev.angee.git;

import dev.angee.source.RemoteProbe;
import java.util.List;
import java.util.Locale;

/** Why a remote did not do what it was asked for, as git tells it in the language of programmers ({@code LC_ALL=C}). */
enum GitRefusal {
    /** It wants other credentials. */
    CREDENTIALS,
    /** It has no such repository for us. */
    ACCESS,
    /** It is not there, or is not what it should be. */
    NETWORK;

    private static final int LONGEST = 1000;
    private static final List<String> ABOUT_CREDENTIALS = List.of(
            "authentication failed",
            "could not read username",
            "could not read password",
            "invalid username or password",
            "invalid username or token",
            "permission denied (",
            "too many authentication failures",
            "returned error: 401");
    private static final List<String> ABOUT_HOSTS = List.of(
            "host key verification failed",
            "could not resolve",
            "failed to connect",
            "connection refused",
            "connection timed out",
            "network is unreachable",
            "no route to host");
    private static final List<String> ABOUT_ACCESS = List.of(
            "returned error: 403",
            "returned error: 404",
            "returned error: 410",
            "repository not found",
            "does not appear to be a git repository",
            "access denied",
            "does not exist",
            "no such file or directory",
            "dubious ownership",
            "repository not exported",
            "' not found");

    static GitRefusal of(String complaint) {
        String said = complaint.toLowerCase(Locale.ROOT);
        if (ABOUT_HOSTS.stream().anyMatch(said::contains)) {
            return NETWORK;
        }
        if (ABOUT_CREDENTIALS.stream().anyMatch(said::contains)) {
            return CREDENTIALS;
        }
        return ABOUT_ACCESS.stream().anyMatch(said::contains) ? ACCESS : NETWORK;
    }

    RemoteProbe asProbe(String complaint) {
        String reason = brief(complaint);
        return switch (this) {
            case CREDENTIALS -> new RemoteProbe.BadCredentials(reason);
            case ACCESS -> new RemoteProbe.NoAccess(reason);
            case NETWORK -> new RemoteProbe.Unreachable(reason);
        };
    }

    /** What to do about it. */
    String advice() {
        return switch (this) {
            case CREDENTIALS -> "give credentials that it takes";
            case ACCESS -> "check the URL, and that the credentials are for this repository";
            case NETWORK -> "check the URL, the network, and for ssh that the host is among the known ones";
        };
    }

    static String brief(String complaint) {
        String text = complaint.isBlank() ? "git did not say why" : complaint.strip();
        return text.substring(0, Math.min(text.length(), LONGEST));
    }
}

package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.Credentials;
import dev.angee.source.GitUrl;
import dev.angee.source.RemoteProbe;
import java.net.HttpURLConnection;
import java.net.URISyntaxException;
import java.util.Locale;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/** Talks to a remote, showing it credentials, and tells what is wrong when it does not let us in. */
final class RemoteSession {
    private static final int TIMEOUT_SECONDS = 120;

    private final GitUrl url;
    private final URIish uri;
    private final Credentials credentials;
    private final HttpWatch http;

    RemoteSession(GitUrl url, Credentials credentials) {
        this.url = url;
        this.credentials = credentials.at(url);
        try {
            this.uri = new URIish(url.value());
        } catch (URISyntaxException e) {
            throw new AngeeException(ErrorCode.INVALID, "'" + url + "' is not a repository URL JGit knows", e);
        }
        this.http = new HttpWatch(uri);
    }

    URIish uri() {
        return uri;
    }

    /** Whether it is a folder of this machine. */
    boolean isLocal() {
        return uri.getHost() == null && (uri.getScheme() == null || "file".equals(uri.getScheme()));
    }

    /** Talks for a cache. */
    <T> T talking(Repository cache, Talk<T> talk) {
        try {
            return open(cache, talk);
        } catch (NotSupportedException e) {
            throw new AngeeException(ErrorCode.UNSUPPORTED, "'" + url + "': " + e.getMessage(), e);
        } catch (TransportException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, explanation(e), e);
        }
    }

    /** Talks, with a cache or without one. */
    <T> T open(@Nullable Repository cache, Talk<T> talk) throws NotSupportedException, TransportException {
        requireTransport();
        try (Transport transport = transport(cache)) {
            transport.setTimeout(TIMEOUT_SECONDS);
            transport.setCredentialsProvider(new ShownCredentials(uri, credentials));
            if (transport instanceof TransportHttp overHttp) {
                overHttp.setHttpConnectionFactory(http);
            }
            return talk.with(transport);
        }
    }

    private Transport transport(@Nullable Repository cache) throws NotSupportedException, TransportException {
        if ("git".equals(uri.getScheme())) {
            return GitSocketTransport.talkingTo(cache, uri);
        }
        return cache == null ? Transport.open(uri) : Transport.open(cache, uri);
    }

    private void requireTransport() {
        if (!"ssh".equals(uri.getScheme()) && (uri.getScheme() != null || uri.getHost() == null)) {
            return;
        }
        boolean keys = credentials instanceof Credentials.SshKey || credentials instanceof Credentials.SshAgent;
        if (keys) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "'" + url + "' is to be shown a key, which JGit alone cannot: install git and ssh, or use https");
        }
        if (SshSessionFactory.getInstance() == null) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "'" + url + "' needs ssh: install git and ssh, put org.eclipse.jgit.ssh.apache on the class path,"
                            + " or use https");
        }
    }

    private String explanation(TransportException failure) {
        RemoteProbe why = why(failure);
        if (why instanceof RemoteProbe.BadCredentials bad) {
            return "'" + url + "' wants credentials, or does not take those that it was shown: " + bad.reason()
                    + "; give others with the call";
        }
        if (why instanceof RemoteProbe.NoAccess none) {
            return "cannot reach '" + url + "': " + none.reason()
                    + "; there is no such repository there, or it is not for us: check the URL and access";
        }
        return "cannot reach '" + url + "': " + failure.getMessage() + "; check the URL and access";
    }

    /** What a failure means. */
    RemoteProbe why(TransportException failure) {
        String reason = String.valueOf(failure.getMessage());
        boolean refused = reason.toLowerCase(Locale.ROOT).contains("auth fail")
                || reason.toLowerCase(Locale.ROOT).contains("cannot log in");
        if (http.lastStatus() == HttpURLConnection.HTTP_UNAUTHORIZED || refused) {
            return new RemoteProbe.BadCredentials(reason);
        }
        if (http.lastStatus() == HttpURLConnection.HTTP_FORBIDDEN
                || http.lastStatus() == HttpURLConnection.HTTP_NOT_FOUND
                || failure instanceof NoRemoteRepositoryException) {
            return new RemoteProbe.NoAccess(reason);
        }
        return new RemoteProbe.Unreachable(reason);
    }

    /** What is said to the remote over an open connection. */
    @FunctionalInterface
    interface Talk<T> {
        T with(Transport transport) throws NotSupportedException, TransportException;
    }
}

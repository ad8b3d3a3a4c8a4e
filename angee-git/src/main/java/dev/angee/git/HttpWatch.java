package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * JGit's connections over HTTP, watched: no credentials go to another server than the one that they are for, also when that
 * one sends us there after it was shown them, and the last answer's status is remembered.
 */
final class HttpWatch implements HttpConnectionFactory {
    /** For everything that is said for one call. */
    static final Duration LONGEST = Duration.ofHours(2);

    private static final String AUTHORIZATION = "Authorization";
    /** The JDK's own; at {@code FINE} it would print all that is sent. Held, since loggers are only weakly kept. */
    private static final Logger WIRE = Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");

    private final JDKHttpConnectionFactory connections = new JDKHttpConnectionFactory();
    private final URIish remote;
    private final LongSupplier nanoTime;
    private final long begin;
    private volatile int lastStatus;

    HttpWatch(URIish remote) {
        this(remote, System::nanoTime);
    }

    /** One that has the time from here. */
    HttpWatch(URIish remote, LongSupplier nanoTime) {
        this.remote = remote;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
        Discreet.installed();
    }

    /** The status of the last answer; 0 if there was none. */
    int lastStatus() {
        return lastStatus;
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return watched(url, connections.create(url));
    }

    @Override
    public HttpConnection create(URL url, java.net.Proxy proxy) throws IOException {
        return watched(url, connections.create(url, proxy));
    }

    private HttpConnection watched(URL url, HttpConnection connection) {
        boolean elsewhere = !isSameServer(remote, new URIish(url));
        return (HttpConnection) Proxy.newProxyInstance(
                HttpConnection.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (self, method, arguments) -> {
                    boolean secret = method.getName().equals("setRequestProperty")
                            && AUTHORIZATION.equalsIgnoreCase(String.valueOf(arguments[0]));
                    if (secret && elsewhere) {
                        return null;
                    }
                    lastStatus = method.getName().equals("connect") ? 0 : lastStatus;
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("getResponseCode") && result instanceof Integer status) {
                            lastStatus = status;
                        }
                        return result instanceof InputStream in ? new Bounded(in) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * What an answer holds. A server that keeps sending a little now and then is not waited for without end, and an
     * interrupt does not have to wait for more than the next bit.
     */
    private final class Bounded extends FilterInputStream {
        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            requirePatience();
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            requirePatience();
            return read;
        }

        private void requirePatience() {
            if (Thread.currentThread().isInterrupted()) {
                throw new AngeeException(ErrorCode.FAILED, "talking to '" + remote.getHost() + "' was interrupted");
            }
            if (nanoTime.getAsLong() - begin > LONGEST.toNanos()) {
                throw new AngeeException(
                        ErrorCode.UNAVAILABLE,
                        "'" + remote.getHost() + "' was not done within " + LONGEST.toHours() + " h; try again");
            }
        }
    }

    /** Whether both are the same scheme, host and port. */
    static boolean isSameServer(URIish one, URIish other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
                && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
                && port(one) == port(other);
    }

    private static int port(URIish uri) {
        return uri.getPort() > 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** Lets through what the logger's filter before did, except for credentials. */
    private record Discreet(@Nullable Filter before) implements Filter {
        static synchronized void installed() {
            if (!(WIRE.getFilter() instanceof Discreet)) {
                WIRE.setFilter(new Discreet(WIRE.getFilter()));
            }
        }

        @Override
        public boolean isLoggable(LogRecord record) {
            return !String.valueOf(record.getMessage()).contains(AUTHORIZATION)
                    && (before == null || before.isLoggable(record));
        }
    }
}

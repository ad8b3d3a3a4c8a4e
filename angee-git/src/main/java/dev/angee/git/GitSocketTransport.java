package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.BasePackFetchConnection;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PackTransport;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.TcpTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/** What {@code git://} is, over a socket that heeds interrupts and deadlines; JGit's own waits on it for ever. */
final class GitSocketTransport extends TcpTransport implements PackTransport {
    private static final int PORT = 9418;
    private static final int LOOK_MILLIS = 500;
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final long begin = System.nanoTime();

    private GitSocketTransport(Repository cache, URIish uri) {
        super(cache, uri);
    }

    private GitSocketTransport(URIish uri) {
        super(uri);
    }

    static Transport talkingTo(@Nullable Repository cache, URIish uri) {
        return cache == null ? new GitSocketTransport(uri) : new GitSocketTransport(cache, uri);
    }

    @Override
    public FetchConnection openFetch() throws TransportException {
        return new Connection();
    }

    @Override
    public PushConnection openPush() throws NotSupportedException, TransportException {
        return Transport.open(local, uri).openPush();
    }

    /** None of JGit's, which come as interrupts. */
    @Override
    public int getTimeout() {
        return 0;
    }

    @Override
    public void close() {
        // Each connection is closed by whoever opened it.
    }

    /** Asks for what a repository has. */
    private final class Connection extends BasePackFetchConnection {
        private final Socket socket = new Socket();

        Connection() throws TransportException {
            super(GitSocketTransport.this);
            try {
                int port = uri.getPort() > 0 ? uri.getPort() : PORT;
                socket.connect(new InetSocketAddress(uri.getHost(), port), (int) SILENCE.toMillis());
                socket.setSoTimeout(LOOK_MILLIS);
                init(
                        new BufferedInputStream(new Patient(socket.getInputStream())),
                        new BufferedOutputStream(socket.getOutputStream()));
                String host = uri.getPort() > 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
                pckOut.writeString("git-upload-pack " + uri.getPath() + "\0host=" + host + "\0");
                pckOut.flush();
                readAdvertisedRefs();
            } catch (TransportException | RuntimeException e) {
                close();
                throw e;
            } catch (IOException e) {
                close();
                throw new TransportException(uri, e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            super.close();
            try {
                socket.close();
            } catch (IOException e) {
                return; // Nothing was left to be sent over it.
            }
        }
    }

    /** Waits in little steps. */
    private final class Patient extends FilterInputStream {
        Patient(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            long silent = System.nanoTime();
            while (true) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new AngeeException(ErrorCode.FAILED, "talking to '" + uri.getHost() + "' was interrupted");
                }
                long now = System.nanoTime();
                if (now - silent > SILENCE.toNanos() || now - begin > HttpWatch.LONGEST.toNanos()) {
                    throw new AngeeException(
                            ErrorCode.UNAVAILABLE, "'" + uri.getHost() + "' did not answer in time; try again");
                }
                try {
                    return super.read(bytes, offset, length);
                } catch (SocketTimeoutException e) {
                    // Time to look whether there is still patience.
                }
            }
        }
    }
}

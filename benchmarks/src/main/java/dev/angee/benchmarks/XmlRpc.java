package dev.angee.benchmarks;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** A connection to the XML-RPC of {@code supervisord} that is kept open. */
final class XmlRpc implements AutoCloseable {
    private static final String BODY =
            "<?xml version='1.0'?><methodCall><methodName>supervisor.getAllProcessInfo</methodName>"
                    + "<params></params></methodCall>";
    private static final String REQUEST = "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\n"
            + "Connection: Keep-Alive\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    private static final String LENGTH = "content-length:";
    private static final String END_OF_HEADERS = "\r\n\r\n";
    private static final int LONGEST = 4 << 20;

    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(LONGEST);

    XmlRpc(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    /** Asks for the state of all processes; what comes is not taken apart. */
    String allProcesses() throws IOException {
        ByteBuffer request = ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII));
        while (request.hasRemaining()) {
            channel.write(request);
        }
        answer.clear();
        int end = Integer.MAX_VALUE;
        while (answer.position() < end) {
            if (channel.read(answer) < 0) {
                throw new IOException("supervisord has closed the connection");
            }
            end = end == Integer.MAX_VALUE ? length() : end;
        }
        return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
    }

    private int length() {
        String head = new String(answer.array(), 0, Math.min(answer.position(), 4096), StandardCharsets.US_ASCII)
                .toLowerCase(Locale.ROOT);
        int body = head.indexOf(END_OF_HEADERS);
        int at = head.indexOf(LENGTH);
        if (body < 0 || at < 0) {
            return Integer.MAX_VALUE;
        }
        String length =
                head.substring(at + LENGTH.length(), head.indexOf('\r', at)).strip();
        return body + END_OF_HEADERS.length() + Integer.parseInt(length);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package dev.angee.compose;

import dev.angee.runtime.LogLine;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Cuts bytes into lines: UTF-8, without line breaks ({@code \n} or {@code \r\n}), long ones in pieces. For one thread.
 */
final class LineSplitter {
    /** Takes a line; may wait until there is room for it. */
    interface Sink {
        void line(String text) throws InterruptedException;
    }

    private final Sink sink;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final StringBuilder line = new StringBuilder();
    private byte[] unfinished = new byte[0];
    private boolean heldCarriageReturn;

    LineSplitter(Sink sink) {
        this.sink = sink;
    }

    /** The next bytes, from {@code offset} on. */
    void feed(byte[] bytes, int offset) throws InterruptedException {
        ByteBuffer in = ByteBuffer.allocate(unfinished.length + bytes.length - offset);
        in.put(unfinished).put(bytes, offset, bytes.length - offset).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining());
        decoder.reset().decode(in, out, false);
        unfinished = new byte[in.remaining()];
        in.get(unfinished);
        out.flip();
        while (out.hasRemaining()) {
            take(out.get());
        }
    }

    /** Gives away what has no line break yet; nothing follows. */
    void finish() throws InterruptedException {
        if (unfinished.length > 0) {
            unfinished = new byte[0];
            take('\uFFFD');
        }
        heldCarriageReturn = false;
        if (line.length() > 0) {
            give(line.length());
        }
    }

    private void take(char c) throws InterruptedException {
        if (c == '\n') {
            heldCarriageReturn = false;
            give(line.length());
            return;
        }
        if (heldCarriageReturn) {
            heldCarriageReturn = false;
            append('\r');
        }
        if (c == '\r') {
            heldCarriageReturn = true;
        } else {
            append(c);
        }
    }

    private void append(char c) throws InterruptedException {
        if (line.length() == LogLine.LONGEST) {
            boolean pair = Character.isHighSurrogate(line.charAt(line.length() - 1));
            give(pair ? line.length() - 1 : line.length());
        }
        line.append(c);
    }

    private void give(int length) throws InterruptedException {
        String text = line.substring(0, length);
        line.delete(0, length);
        sink.line(text);
    }
}

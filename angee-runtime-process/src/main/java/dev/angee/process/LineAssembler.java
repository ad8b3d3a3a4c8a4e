package dev.angee.process;

import dev.angee.runtime.LogLine;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of bytes. What is not UTF-8 becomes replacement characters; a line longer than {@link LogLine#LONGEST}
 * comes in pieces. Not thread-safe.
 */
final class LineAssembler {
    private static final int CHUNK = 8 * 1024;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final CharBuffer chars = CharBuffer.allocate(CHUNK);
    private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    private final StringBuilder line = new StringBuilder();
    private int pieces;

    /** Where to put the next bytes; afterwards call {@link #take}. Always has room. */
    ByteBuffer room() {
        return bytes;
    }

    /** Hands out the lines that are complete now. */
    void take(Consumer<String> lines) {
        bytes.flip();
        decode(lines);
        bytes.compact();
    }

    /** Hands out what is left, although its end has not come. */
    void finish(Consumer<String> lines) {
        bytes.flip();
        while (bytes.hasRemaining()) {
            bytes.get();
            append('\uFFFD', lines);
        }
        bytes.clear();
        decoder.reset();
        if (line.length() > 0) {
            endLine(lines);
        }
    }

    private void decode(Consumer<String> lines) {
        do {
            chars.clear();
            decoder.decode(bytes, chars, false);
            chars.flip();
            while (chars.hasRemaining()) {
                char c = chars.get();
                if (c == '\n') {
                    endLine(lines);
                } else {
                    append(c, lines);
                }
            }
        } while (chars.limit() == chars.capacity());
    }

    private void append(char c, Consumer<String> lines) {
        if (line.length() == LogLine.LONGEST) {
            boolean splitsPair = Character.isHighSurrogate(line.charAt(LogLine.LONGEST - 1));
            int end = splitsPair ? LogLine.LONGEST - 1 : LogLine.LONGEST;
            lines.accept(line.substring(0, end));
            line.delete(0, end);
            pieces++;
        }
        line.append(c);
    }

    private void endLine(Consumer<String> lines) {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        if (line.length() > 0 || pieces == 0) {
            lines.accept(line.toString());
        }
        line.setLength(0);
        pieces = 0;
    }
}

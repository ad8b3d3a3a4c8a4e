package dev.angee.process;

import dev.angee.runtime.LogLine;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of bytes. What is not UTF-8 becomes replacement characters; a line longer than {@link LogLine#LONGEST}
 * comes in pieces. Holds nothing but the line that has begun. Not thread-safe.
 */
final class LineAssembler {
    private static final int CHARS = 8 * 1024;
    private static final int SMALL = 1024;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private StringBuilder line = new StringBuilder();

    /** The first bytes of a character whose others have not come. */
    private byte[] begun = {};

    private int pieces;

    /** Takes the next bytes and hands out the lines that are complete now. */
    void take(byte[] bytes, int length, Consumer<String> lines) {
        ByteBuffer in = ByteBuffer.allocate(begun.length + length);
        in.put(begun).put(bytes, 0, length).flip();
        CharBuffer chars = CharBuffer.allocate(Math.min(CHARS, in.remaining() + 1));
        CoderResult result;
        do {
            chars.clear();
            result = decoder.decode(in, chars, false);
            chars.flip();
            while (chars.hasRemaining()) {
                char c = chars.get();
                if (c == '\n') {
                    endLine(lines);
                } else {
                    append(c, lines);
                }
            }
        } while (result.isOverflow());
        begun = new byte[in.remaining()];
        in.get(begun);
    }

    /** Hands out what is left, although its end has not come. */
    void finish(Consumer<String> lines) {
        for (int i = 0; i < begun.length; i++) {
            append('\uFFFD', lines);
        }
        if (line.length() > 0) {
            endLine(lines);
        }
        forget();
    }

    /** Forgets the line that has begun: its end will not come. */
    void forget() {
        begun = new byte[0];
        decoder.reset();
        line = new StringBuilder();
        pieces = 0;
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
        if (line.capacity() > SMALL) {
            line = new StringBuilder(); // a reader that waits shall not hold on to its longest line
        } else {
            line.setLength(0);
        }
        pieces = 0;
    }
}

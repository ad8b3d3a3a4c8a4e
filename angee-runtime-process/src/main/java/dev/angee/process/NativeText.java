package dev.angee.process;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;

/** What this JVM can hand to a process as it is: the JDK writes {@code ?} for what its character set does not have. */
final class NativeText {
    /** Up to JDK 17, variables and arguments are encoded in the default character set; since JEP 400 in the locale's. */
    static final Charset CHARSET = Runtime.version().feature() < 18
            ? Charset.defaultCharset()
            : Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /** What programs here take text to be written in, whatever this JVM was told. */
    private static final Charset LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private NativeText() {}

    /** Whether a process would get exactly this text: in one piece, and not in other bytes than its locale has for it. */
    static boolean canPass(String text) {
        return CHARSET.newEncoder().canEncode(text)
                && (!LOCALE.newEncoder().canEncode(text)
                        || Arrays.equals(text.getBytes(CHARSET), text.getBytes(LOCALE)));
    }

    /** The text that would be handed to a process as these bytes, if there is one. */
    static Optional<String> of(byte[] bytes) {
        try {
            return Optional.of(
                    CHARSET.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}

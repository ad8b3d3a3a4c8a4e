package dev.angee.rest;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Escapes what existing answers escape: also {@code <}, {@code >} and {@code &}, so that JSON shown in a page can never
 * be taken for markup, and the two line separators of JavaScript; hex digits in lower case.
 */
final class WireEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    private final int[] ascii = standardAsciiEscapesForJSON();

    WireEscapes() {
        for (int c = 0; c < ascii.length; c++) {
            if (ascii[c] == ESCAPE_STANDARD || c == '<' || c == '>' || c == '&') {
                ascii[c] = ESCAPE_CUSTOM;
            }
        }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        boolean custom = c < ascii.length ? ascii[c] == ESCAPE_CUSTOM : c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
        return custom ? new SerializedString(String.format(Locale.ROOT, "\\u%04x", c)) : null;
    }
}

package dev.angee.templates;

import java.io.IOException;
import java.io.Writer;

/** Text in memory that refuses to grow beyond a number of bytes, counted as UTF-8. For one thread. */
final class BoundedText extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final long limit;
    private long bytes;

    BoundedText(long limit) {
        this.limit = limit;
    }

    @Override
    public void write(char[] source, int start, int length) throws IOException {
        for (int i = start; i < start + length; i++) {
            bytes += utf8Length(source[i]);
        }
        if (bytes > limit) {
            throw new LimitExceeded(limit);
        }
        text.append(source, start, length);
    }

    private static int utf8Length(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3; // the two halves of a pair make four
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }

    /** More was written than the limit allows. */
    static final class LimitExceeded extends IOException {
        private static final long serialVersionUID = 1L;

        private final long limit;

        LimitExceeded(long limit) {
            super("more than " + limit + " bytes");
            this.limit = limit;
        }

        long limit() {
            return limit;
        }
    }
}

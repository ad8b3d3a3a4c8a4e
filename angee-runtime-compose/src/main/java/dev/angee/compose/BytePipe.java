package dev.angee.compose;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from one thread to another, not more than 64 KiB at a time: who writes waits for who reads. The JDK's
 * piped streams take a writer's end for a broken pipe.
 */
final class BytePipe {
    private static final int ROOM = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[ROOM];
    private int from;
    private int length;
    private boolean ended;
    private boolean unread;
    private @Nullable IOException failure;

    /** Adds bytes, once there is room; drops them if nobody reads any more. */
    void write(byte[] bytes, int offset, int count) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            int at = offset;
            while (at < offset + count && !unread) {
                while (length == ROOM && !unread) {
                    changed.await();
                }
                int to = (from + length) % ROOM;
                int piece = Math.min(Math.min(ROOM - length, ROOM - to), offset + count - at);
                System.arraycopy(bytes, at, ring, to, piece);
                length += piece;
                at += piece;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing follows; perhaps because of a failure, which the reader is told once it has read what came before. */
    void end(@Nullable IOException cause) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = cause;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The reader's end. Closing it lets the writer go on. */
    InputStream reader() {
        return new Reader();
    }

    private final class Reader extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, into.length);
            if (count == 0) {
                return 0;
            }
            try {
                lock.lockInterruptibly();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            try {
                while (length == 0 && !ended && !unread) {
                    changed.await();
                }
                if (length == 0 || unread) {
                    return over();
                }
                int piece = Math.min(count, Math.min(length, ROOM - from));
                System.arraycopy(ring, from, into, offset, piece);
                from = (from + piece) % ROOM;
                length -= piece;
                changed.signalAll();
                return piece;
            } catch (InterruptedException e) {
                throw interrupted(e);
            } finally {
                lock.unlock();
            }
        }

        private int over() throws IOException {
            if (failure != null && !unread) {
                throw new IOException(failure.getMessage(), failure);
            }
            return -1;
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return length;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                unread = true;
                length = 0;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private InterruptedIOException interrupted(InterruptedException cause) {
            Thread.currentThread().interrupt();
            InterruptedIOException told = new InterruptedIOException("interrupted while reading");
            told.initCause(cause);
            return told;
        }
    }
}

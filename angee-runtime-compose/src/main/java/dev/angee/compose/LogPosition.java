package dev.angee.compose;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a log has been read: so that reading goes on after the last entry, though the engine can only be asked for
 * what was written at a moment or later. Standard output and standard error each have their own order of time; between
 * them the engine may mix it up. For one thread.
 */
final class LogPosition {
    /** By how much later an entry of the one may be kept than a younger one of the other; in truth microseconds. */
    private static final Duration DISORDER = Duration.ofSeconds(1);

    private final Track stdout;
    private final Track stderr;

    private LogPosition(Instant start, boolean all) {
        this.stdout = new Track(start, all);
        this.stderr = new Track(start, all);
    }

    /** After everything that was written up to a moment. */
    static LogPosition after(Instant moment) {
        return new LogPosition(moment, false);
    }

    /**
     * Before an answer that is wanted as it comes.
     *
     * @param opened where reading goes on if nothing comes
     */
    static LogPosition before(Instant opened) {
        return new LogPosition(opened, true);
    }

    /** Whether this entry has not been read yet; takes it for read now. */
    boolean passes(LogEntry entry) {
        return (entry.stream() == LogEntry.STDERR ? stderr : stdout).passes(entry);
    }

    /** The moment to ask from: of a stream that has long been silent, nothing older can have been left out. */
    Instant since() {
        Instant older = stdout.time.isBefore(stderr.time) ? stdout.time : stderr.time;
        Instant newer = last();
        return Duration.between(older, newer).compareTo(DISORDER) > 0 ? newer.minus(DISORDER) : older;
    }

    /** When the last entry was written that has been read; the beginning if there was none. */
    Instant last() {
        return stdout.time.isBefore(stderr.time) ? stderr.time : stdout.time;
    }

    /** What comes next begins before this position. */
    void resume() {
        stdout.passed = false;
        stderr.passed = false;
    }

    /**
     * What has been read began at any entry, perhaps within a line of several pieces: so nobody can tell how many of them
     * were read. If that is the last line, the rest of it is given up.
     */
    void cut() {
        stdout.cut();
        stderr.cut();
    }

    private static final class Track {
        private Instant time;
        private int ordinal = Integer.MAX_VALUE;
        private Instant first = Instant.MIN;
        private boolean passed;

        Track(Instant time, boolean passed) {
            this.time = time;
            this.passed = passed;
        }

        /** Once one has passed, all do: a clock may be set back while a log is read. */
        boolean passes(LogEntry entry) {
            int order = entry.time().compareTo(time);
            if (!passed && (order < 0 || (order == 0 && entry.ordinal() <= ordinal))) {
                return false;
            }
            passed = true;
            time = entry.time();
            ordinal = entry.ordinal();
            if (first.equals(Instant.MIN)) {
                first = time;
            }
            return true;
        }

        void cut() {
            if (time.equals(first)) {
                ordinal = Integer.MAX_VALUE;
            }
        }
    }
}

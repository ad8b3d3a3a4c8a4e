package dev.angee.process;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks for a line in what a service has written since it was started. Not thread-safe. */
final class LogSearch {
    private final Path log;
    private final LogReader reader;
    private final Pattern pattern;
    private boolean found;

    LogSearch(Path log, long start, String pattern) {
        this.log = log;
        this.reader = new LogReader(log, start);
        this.pattern = Pattern.compile(pattern);
    }

    /**
     * Reads on where it stopped the last time, to where the log reaches now.
     *
     * @param deadline when to stop for this time
     * @return what is wrong, or nothing once the line was found
     */
    Optional<String> find(Deadline deadline) throws InterruptedException {
        long end = LogReader.size(log);
        while (!found && !deadline.isOver() && reader.read(end, line -> look(line, deadline))) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return found ? Optional.empty() : Optional.of("no line of its log matches " + pattern);
    }

    private void look(String line, Deadline deadline) {
        found = found || pattern.matcher(new Patience(line, deadline)).find();
    }

    /** A line whose reading takes an end: some expressions take ages for some lines. */
    private static final class Patience implements CharSequence {
        private static final int OFTEN_ENOUGH = 0xFFF;

        private final String line;
        private final Deadline deadline;
        private int reads;

        Patience(String line, Deadline deadline) {
            this.line = line;
            this.deadline = deadline;
        }

        @Override
        public int length() {
            return line.length();
        }

        @Override
        public char charAt(int index) {
            if ((++reads & OFTEN_ENOUGH) == 0 && deadline.isOver()) {
                throw new IllegalStateException("the pattern takes too long for a line of the log");
            }
            return line.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return line.subSequence(start, end);
        }

        @Override
        public String toString() {
            return line;
        }
    }
}

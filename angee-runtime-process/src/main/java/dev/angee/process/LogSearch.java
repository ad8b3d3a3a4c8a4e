package dev.angee.process;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks for a line in what a service has written since it was started. Not thread-safe. */
final class LogSearch {
    private final LogReader reader;
    private final Pattern pattern;
    private boolean found;

    LogSearch(Path log, long start, String pattern) {
        this.reader = new LogReader(log, start);
        this.pattern = Pattern.compile(pattern);
    }

    /** Reads on where it stopped the last time; what is wrong, or nothing once the line was found. */
    Optional<String> find() {
        while (!found && reader.read(Long.MAX_VALUE, this::look)) {
            // until the line is there, or nothing more
        }
        return found ? Optional.empty() : Optional.of("no line of its log matches " + pattern);
    }

    private void look(String line) {
        found |= pattern.matcher(line).find();
    }
}

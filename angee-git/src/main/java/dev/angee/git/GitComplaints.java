package dev.angee.git;

import dev.angee.source.FetchProgress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a git program writes to its standard error: progress, and lines for people, of which the last are kept. */
final class GitComplaints {
    private static final Pattern PROGRESS =
            Pattern.compile("(?:remote: )?([A-Z][A-Za-z ]{2,60}):\\s+(?:(\\d{1,3})% \\(|\\d+)[^:]*");
    private static final Pattern USER_IN_URL = Pattern.compile("(://)[^/@\\s']{1,500}@");
    private static final int MOST_LINES = 200;
    private static final int LONGEST_LINE = 2000;

    private final Deque<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable Step latest;

    /** A stage that the work has come to. */
    private record Step(String task, int percent) {}

    synchronized void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                endLine();
            } else if (line.size() < LONGEST_LINE) {
                line.write(bytes[i]);
            }
        }
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (text.isEmpty()) {
            return;
        }
        Matcher progress = PROGRESS.matcher(text);
        if (progress.matches()) {
            latest = new Step(progress.group(1), progress.group(2) == null ? -1 : Integer.parseInt(progress.group(2)));
            return;
        }
        lines.add(USER_IN_URL.matcher(text).replaceAll("$1***@"));
        if (lines.size() > MOST_LINES) {
            lines.remove();
        }
    }

    /** Tells the latest progress, if there is any since it was last told. */
    void tell(FetchProgress progress) {
        Step step;
        synchronized (this) {
            step = latest;
            latest = null;
        }
        if (step != null) {
            progress.at(step.task, Math.min(step.percent, 100));
        }
    }

    synchronized String text() {
        endLine();
        return String.join("\n", lines);
    }
}

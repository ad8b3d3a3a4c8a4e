package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The processes of this machine at one moment, as {@code /proc} shows them. One is not thread-safe. */
final class ProcTable {
    private static final Path PROC = Path.of("/proc");

    /** The start time is the 22nd field, of which the first two are pid and name, and the third no number. */
    private static final int LAST_NUMBER = 19;

    private final List<Entry> entries;
    private final Map<Long, Optional<String>> markers = new HashMap<>();

    private ProcTable(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * One process.
     *
     * @param id the process
     * @param parent the pid of its parent
     * @param group its process group
     * @param session its session
     * @param state the letter that stands for its state
     */
    record Entry(ProcessId id, long parent, long group, long session, char state) {
        /** Whether it has ended, and only its exit code is left for its parent to fetch. */
        boolean ended() {
            return state == 'Z' || state == 'X';
        }
    }

    /** Everything there is now. */
    static ProcTable read() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                entry(Long.parseLong(folder.getFileName().toString())).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list processes in /proc: " + e.getMessage(), e);
        }
        return new ProcTable(entries);
    }

    List<Entry> entries() {
        return entries;
    }

    /** The marker of one of them, as {@link #marker(long)}; looked at once. */
    Optional<String> marker(Entry entry) {
        return markers.computeIfAbsent(entry.id().pid(), ProcTable::marker);
    }

    /** The process that has this pid now. */
    static Optional<Entry> entry(long pid) {
        return content(pid, "stat").map(stat -> parse(pid, stat));
    }

    /** This JVM. */
    static ProcessId ourselves() {
        return entry(ProcessHandle.current().pid())
                .map(Entry::id)
                .orElseThrow(() -> new AngeeException(ErrorCode.UNAVAILABLE, "this process is not in /proc"));
    }

    /** Whether this very process has not ended. */
    static boolean isAlive(ProcessId id) {
        return entry(id.pid()).filter(e -> e.id().equals(id) && !e.ended()).isPresent();
    }

    /** The marker in the environment that the process was started with, if it has one and may be looked at. */
    static Optional<String> marker(long pid) {
        return environment(pid).flatMap(ProcTable::findMarker);
    }

    /** The environment that the process was started with, one character a byte, if there is one to be seen. */
    static Optional<String> environment(long pid) {
        return content(pid, "environ");
    }

    /** The marker in an environment. */
    static Optional<String> findMarker(String environment) {
        String start = Marker.VARIABLE + "=";
        for (int at = 0; at < environment.length(); at = environment.indexOf('\0', at) + 1) {
            int end = environment.indexOf('\0', at);
            if (environment.startsWith(start, at)) {
                return Optional.of(environment.substring(at + start.length(), end < 0 ? environment.length() : end));
            }
            if (end < 0) {
                break;
            }
        }
        return Optional.empty();
    }

    /** A process may end while it is looked at, or belong to somebody else: then there is nothing to see. */
    private static Optional<String> content(long pid, String name) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(name));
            return bytes.length == 0 ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The second field is the program's name in parentheses, and may itself hold spaces and parentheses. */
    private static Entry parse(long pid, String stat) {
        int state = stat.lastIndexOf(')') + 2;
        int at = stat.indexOf(' ', state) + 1;
        long[] numbers = new long[LAST_NUMBER];
        for (int i = 0; i < LAST_NUMBER; i++) {
            int end = stat.indexOf(' ', at);
            numbers[i] = Long.parseLong(stat, at, end, 10);
            at = end + 1;
        }
        return new Entry(
                new ProcessId(pid, numbers[LAST_NUMBER - 1]), numbers[0], numbers[1], numbers[2], stat.charAt(state));
    }
}

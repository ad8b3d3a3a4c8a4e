package dev.angee.process;

import dev.angee.runtime.LogLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A log for tests, and what a hole makes of it. */
final class HoledLog {
    private final Path file;

    HoledLog(Path file) {
        this.file = file;
    }

    void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The first bytes read as NUL from now on, and that is noted. */
    void punch(int bytes) throws IOException {
        LogNote note = LogNote.read(file);
        new LogNote(note.base(), note.base() + bytes, note.base()).write(file);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(new byte[bytes]);
        }
    }

    /** Lines of 16 bytes: their number, and a line break. */
    static String numbers(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(String.format("%015d%n", i));
        }
        return text.toString();
    }

    LogWatch watch() {
        return new LogWatch(() -> List.of(new ServiceLog("a", file)));
    }

    FileLogStream open(LogWatch watch, int tail, FileLogStream.Mode mode) {
        return FileLogStream.open(watch, name -> true, tail, mode, closed -> {});
    }

    /** What is read at once. */
    List<String> last(int tail) throws InterruptedException {
        try (LogWatch watch = watch();
                FileLogStream stream = open(watch, tail, FileLogStream.Mode.ONCE)) {
            List<String> lines = new ArrayList<>();
            for (Optional<LogLine> line = stream.next(); line.isPresent(); line = stream.next()) {
                lines.add(line.get().text());
            }
            return lines;
        }
    }

    static List<String> lines(String text) {
        return text.lines().toList();
    }

    /** How much of the disk a file takes, and how long it is, at one moment. */
    record Usage(long size, long onDisk) {
        static Usage of(Path file) throws IOException, InterruptedException {
            Process stat = new ProcessBuilder("stat", "-c", "%s %b %B", file.toString()).start();
            String[] said = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            if (stat.waitFor() != 0) {
                throw new IOException("stat failed for " + file);
            }
            return new Usage(Long.parseLong(said[0]), Long.parseLong(said[1]) * Long.parseLong(said[2]));
        }
    }
}

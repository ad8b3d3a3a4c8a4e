package dev.angee.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has been taken from the beginning of a log, written down beside it in a file whose name ends in {@code .hole}: a
 * program may write NUL bytes itself, so what a file holds does not tell. Read and written by {@link LogBoundScript} too.
 *
 * <p>Addresses count all bytes that a log has ever had, so they stay when it is moved aside.
 *
 * @param base the address of the first byte of the file
 * @param begin the address of the first byte that is kept; if it is less than {@code base}, the file for what was moved
 *     aside has it, and ends at {@code base}
 * @param next if it is not {@code base}: the file is being emptied, and what it holds then has this address. Who empties
 *     it may have died, so whether it was is told by its length
 */
record LogNote(long base, long begin, long next) {
    /** Of a log that nobody has shortened. */
    static final LogNote NONE = new LogNote(0, 0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\d{1,18}) (\\d{1,18})\n");
    private static final int LONGEST = 64;

    /** The file of the note. */
    static Path file(Path log) {
        return log.resolveSibling(log.getFileName() + ".hole");
    }

    /** The note of a log; {@link #NONE} if there is none. Not by a channel: an interrupt closes those. */
    static LogNote read(Path log) throws IOException {
        File file = file(log).toFile();
        if (!file.exists()) {
            return NONE;
        }
        String text;
        try (FileInputStream in = new FileInputStream(file)) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
        } catch (FileNotFoundException e) {
            if (file.exists()) {
                throw e; // it may not be read
            }
            return NONE;
        }
        Matcher numbers = FORM.matcher(text);
        if (!numbers.matches()) {
            throw new IOException(file + " is damaged; delete it, and what is left of the log is read");
        }
        return new LogNote(number(numbers, 1), number(numbers, 2), number(numbers, 3));
    }

    private static long number(Matcher numbers, int group) {
        return Long.parseLong(numbers.group(group));
    }

    /** Replaces the note of a log in one step. */
    void write(Path log) throws IOException {
        Path next = log.resolveSibling(log.getFileName() + ".hole.new");
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            out.write((base + " " + begin + " " + this.next + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        Files.move(next, file(log), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether somebody is emptying the file, or has died doing so. */
    boolean isPending() {
        return next != base;
    }

    /**
     * The same for a file of that length, nothing pending. A file that ends before what is kept begins was emptied by
     * somebody else, and counts as new.
     */
    LogNote of(long length) {
        long address = isPending() && length < next - base ? next : base;
        return begin > address + length ? NONE : new LogNote(address, begin, address);
    }
}

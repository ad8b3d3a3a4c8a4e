package dev.angee.git;

import java.nio.charset.StandardCharsets;

/**
 * How a run of the git program ended.
 *
 * @param exitCode its exit code
 * @param bytes what it printed, as text in which every byte is a character: names of files need not be UTF-8
 * @param complaint the end of what it wrote to its standard error, without progress and secrets
 */
record GitResult(int exitCode, String bytes, String complaint) {
    boolean succeeded() {
        return exitCode == 0;
    }

    /** What it printed, as people read it. */
    String text() {
        return readable(bytes);
    }

    /** Text in which every byte is a character, as people read it. */
    static String readable(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}

package dev.angee.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Where a program tells what it does: in colour and with one live line on a terminal; plain, one line a message, when
 * piped. Thread-safe.
 */
final class Terminal {
    private static final int LIVE_WIDTH = 110;

    private final PrintStream out;
    private final boolean live;

    private Terminal(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** Standard output, as it is connected. */
    static Terminal standard(Map<String, String> environment) {
        boolean colour = !environment.containsKey("NO_COLOR") && !"dumb".equals(environment.get("TERM"));
        return new Terminal(System.out, colour && isTerminal());
    }

    /** Standard output alone decides; System.console would also want a terminal for input. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // a system without /proc: plain is never wrong
        }
    }

    synchronized void say(String text) {
        clear();
        out.println(text);
        out.flush();
    }

    /** A heading for what comes next. */
    void heading(String text) {
        say("");
        say(live ? "\u001b[1m" + text + "\u001b[0m" : text);
    }

    /** Something is done. */
    void done(String what, Duration took) {
        say(String.format(Locale.ROOT, " %s %-72s %8s", colour("32", "✓"), what, text(took)));
    }

    /** A detail of what is being done; on a terminal the next one takes its place. */
    synchronized void detail(String what) {
        if (live) {
            clear();
            String text = what.length() > LIVE_WIDTH ? what.substring(0, LIVE_WIDTH) : what;
            out.print(" \u001b[2m· " + text + "\u001b[0m");
        } else {
            out.println("   " + what);
        }
        out.flush();
    }

    /** How far something is, on a terminal; empty where each percent would be a line of its own. */
    String percent(String what, int percent) {
        return live && percent >= 0 ? what + " " + percent + " %" : "";
    }

    void failed(String message) {
        say(colour("31", "✗ ") + message);
    }

    static String text(Duration time) {
        return time.toMillis() < 1000
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    private String colour(String code, String text) {
        return live ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private void clear() {
        if (live) {
            out.print("\r\u001b[K");
        }
    }
}

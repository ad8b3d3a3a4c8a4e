package dev.angee.golden;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Feeds inputs to a subject, and fails if it throws anything or takes more than a second of a processor's time for one of
 * them. That is a watchdog against hanging, not a measurement.
 */
final class Fuzzing {
    private static final long LONGEST_NANOS = 1_000_000_000L;
    private static final long LOOK_EVERY_MILLIS = 100;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Fuzzing() {}

    /** Runs the subject on so many inputs. */
    static void feed(int inputs, Supplier<String> generator, Consumer<String> subject) {
        AtomicReference<String> current = new AtomicReference<>("");
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong number = new AtomicLong();
        Thread worker = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < inputs; i++) {
                            current.set(generator.get());
                            number.incrementAndGet();
                            subject.accept(current.get());
                        }
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "fuzzing");
        worker.setDaemon(true);
        worker.start();
        watch(worker, number, current);
        if (failure.get() != null) {
            throw new AssertionError("input " + number + " was: " + shown(current.get()), failure.get());
        }
    }

    private static void watch(Thread worker, AtomicLong number, AtomicReference<String> current) {
        long seen = -1;
        long since = 0;
        try {
            while (worker.isAlive()) {
                worker.join(LOOK_EVERY_MILLIS);
                long used = THREADS.getThreadCpuTime(worker.getId());
                if (number.get() != seen) {
                    seen = number.get();
                    since = used;
                } else if (used >= 0 && used - since > LONGEST_NANOS) {
                    throw new AssertionError("input " + seen + " took more than a second: " + shown(current.get()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The input as the text of a Java string. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                shown.append("\\n");
            } else if (c == '"' || c == '\\') {
                shown.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append('"').toString();
    }
}

package dev.angee.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The variables that a running service was started with, as the kernel shows them to its owner. So what runs beside a
 * service has its environment, secrets included, also in a JVM that never had them; and nobody writes them down.
 */
final class EnvironmentBlock {
    private static final Duration POLL = Duration.ofMillis(10);

    private EnvironmentBlock() {}

    /**
     * Reads them. In the moment in which a process becomes its program the kernel shows nothing: that is waited out.
     *
     * @throws IOException if they cannot be read, or not before the deadline; its message holds no value
     */
    static Map<String, String> of(ProcessRecord record, Deadline deadline) throws IOException, InterruptedException {
        ProcessId first = record.first().orElseThrow(() -> new IOException("its process is not known"));
        while (true) {
            Optional<String> block = ProcTable.environment(first.pid());
            if (block.isPresent() && isOf(record, block.get())) {
                return variables(block.get());
            }
            if (!ProcTable.isAlive(first)) {
                throw new IOException("its process has ended");
            }
            if (deadline.isOver()) {
                throw new IOException("the environment of its process cannot be read");
            }
            deadline.pause(POLL);
        }
    }

    private static boolean isOf(ProcessRecord record, String block) {
        return ProcTable.findMarker(block).filter(record.marker()::covers).isPresent();
    }

    /** The block came as bytes, one character each. */
    private static Map<String, String> variables(String block) throws IOException {
        Map<String, String> variables = new TreeMap<>();
        for (String entry : block.split("\0", -1)) {
            int end = entry.indexOf('=');
            if (end > 0) {
                variables.put(text(entry.substring(0, end)), text(entry.substring(end + 1)));
            }
        }
        return variables;
    }

    private static String text(String bytes) throws IOException {
        return NativeText.of(bytes.getBytes(StandardCharsets.ISO_8859_1))
                .orElseThrow(() -> new IOException("this JVM's locale (" + NativeText.CHARSET
                        + ") cannot pass its variables as they are; start the JVM with LC_ALL=C.UTF-8"));
    }
}

package dev.angee.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What processes are told to make them end. */
enum Signal {
    /** The request to end. */
    TERM(15),
    /** The end. */
    KILL(9);

    private static final Logger LOG = LoggerFactory.getLogger(Signal.class);
    private static final String SCRIPT = "kill -s \"$1\" -- \"-$2\"";

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The exit code of a process that died of it. */
    int exitCode() {
        return 128 + number;
    }

    /** Sends it to this very process, if that still runs. */
    void send(ProcessId id) {
        if (!ProcTable.isAlive(id)) {
            return;
        }
        ProcessHandle.of(id.pid()).ifPresent(handle -> {
            if (this == KILL) {
                handle.destroyForcibly();
            } else {
                handle.destroy();
            }
        });
    }

    /**
     * Sends it to a whole process group at once, which the JDK cannot: the kill that is built into the shell can. A group
     * that has just become empty is no failure.
     */
    void sendToGroup(long group) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", SCRIPT, "angee-kill", name(), Long.toString(group))
                    .redirectInput(Host.DEV_NULL)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(5, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.warn("cannot signal process group {}: {}", group, e.getMessage());
        }
    }
}

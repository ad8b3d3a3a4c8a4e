package dev.angee.process;

import dev.angee.plan.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What processes are told to make them end. Numbers are those of Linux. */
enum Signal {
    /** The terminal is gone. */
    HUP(1),
    /** The request of a user at a keyboard to end. */
    INT(2),
    /** The request to quit; some programs finish their work first. */
    QUIT(3),
    /** For a program to give a meaning to. */
    USR1(10),
    /** For a program to give a meaning to. */
    USR2(12),
    /** The request to end. */
    TERM(15),
    /** For some servers, the request to finish their work and end. */
    WINCH(28),
    /** The end. */
    KILL(9);

    private static final Logger LOG = LoggerFactory.getLogger(Signal.class);
    private static final String SCRIPT = "signal=$1; shift; kill -s \"$signal\" -- \"$@\"";
    private static final String PREFIX = "SIG";

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The signal with this name, for example {@code SIGINT}. */
    static Optional<Signal> of(String name) {
        return Arrays.stream(values())
                .filter(each -> name.equals(PREFIX + each.name()))
                .findFirst();
    }

    /** The signal with this number. */
    static Optional<Signal> numbered(int number) {
        return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
    }

    /** The signal that asks a workload to end. */
    static Signal toEnd(Workload workload) {
        return workload.lifecycle().stopSignal().flatMap(Signal::of).orElse(TERM);
    }

    /** The names of all of them, for people. */
    static String names() {
        return Arrays.stream(values()).map(each -> PREFIX + each.name()).collect(Collectors.joining(", "));
    }

    int number() {
        return number;
    }

    /** The exit code of a process that died of it. */
    int exitCode() {
        return 128 + number;
    }

    /** Sends it to this very process, if that still runs. */
    void send(ProcessId id) throws InterruptedException {
        if (!ProcTable.isAlive(id)) {
            return;
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(id.pid());
        if (this == KILL) {
            handle.ifPresent(ProcessHandle::destroyForcibly);
        } else if (this == TERM) {
            handle.ifPresent(ProcessHandle::destroy);
        } else {
            kill(List.of(Long.toString(id.pid())));
        }
    }

    /** Sends it to whole process groups at once. A group that has just become empty is no failure. */
    void sendToGroups(Collection<Long> groups) throws InterruptedException {
        if (!groups.isEmpty()) {
            kill(groups.stream().map(group -> "-" + group).toList());
        }
    }

    /** The JDK knows two signals and no groups: the kill that is built into the shell knows all. */
    private void kill(List<String> targets) throws InterruptedException {
        try {
            Process kill = killer(targets).start();
            if (!kill.waitFor(5, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.warn("cannot send {} to {}: {}", this, targets, e.getMessage());
        }
    }

    /** What this JVM was given in its environment is no business of a shell. */
    ProcessBuilder killer(List<String> targets) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "angee-kill", name()));
        command.addAll(targets);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Host.DEV_NULL)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(variable -> !variable.equals("PATH"));
        return builder;
    }
}

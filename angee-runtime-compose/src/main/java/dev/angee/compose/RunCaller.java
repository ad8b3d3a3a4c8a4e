package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The JVM that waits for the end of a run. A pid means something only on one run of one machine, among the processes that
 * one container or the host can see.
 *
 * @param world the run of the machine, and which of its processes are seen there
 * @param process the pid and when it was started
 */
record RunCaller(String world, String process) {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");
    private static final Path NAMESPACE = PROC.resolve("self/ns/pid");

    /** The 22nd field, counted from behind the program's name, which may hold anything. */
    private static final int START = 19;

    /** Whether somebody waits for a run. */
    enum Presence {
        PRESENT,
        GONE,
        /** It runs, or ran, where its processes cannot be seen from here. */
        UNKNOWN
    }

    /** This JVM. */
    static RunCaller ourselves() {
        long pid = ProcessHandle.current().pid();
        return new RunCaller(
                here(),
                process(pid)
                        .orElseThrow(
                                () -> new AngeeException(ErrorCode.UNAVAILABLE, "this process is not in " + PROC)));
    }

    Presence presence() {
        String here = here();
        if (!bootId(here).equals(bootId(world))) {
            return Presence.GONE;
        }
        if (!here.equals(world)) {
            return Presence.UNKNOWN;
        }
        long pid = Long.parseLong(process.substring(0, process.indexOf('@')));
        return process(pid).filter(process::equals).isPresent() ? Presence.PRESENT : Presence.GONE;
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", RunRecord.FORMAT);
        json.put("world", world);
        json.put("process", process);
        return json;
    }

    static RunCaller read(JsonNode json) {
        RunRecord.requireFormat(json);
        String process = RunRecord.text(json, "process");
        if (!process.matches("\\d{1,18}@\\d+")) {
            throw new IllegalArgumentException("no process: " + process);
        }
        return new RunCaller(RunRecord.text(json, "world"), process);
    }

    private static String here() {
        try {
            return Files.readString(BOOT_ID).strip() + " " + Files.readSymbolicLink(NAMESPACE);
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot tell which processes can be seen here: " + e.getMessage(), e);
        }
    }

    private static String bootId(String world) {
        return world.replaceFirst(" .*", "");
    }

    /** Empty if there is no such process, or it has ended and only its exit code is left. */
    private static Optional<String> process(long pid) {
        String stat;
        try {
            stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Optional.empty();
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        boolean ended = fields[0].equals("Z") || fields[0].equals("X");
        return ended ? Optional.empty() : Optional.of(pid + "@" + fields[START]);
    }
}

package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.ProjectName;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What really runs of a stack, by the markers in {@code /proc} alone. */
final class Truth {
    private final String stack;

    Truth(ProjectName project, Path root) {
        this.stack = Marker.ofStack(project, root).value();
    }

    /** The pids of all processes of the stack by their markers, but for the keeper's. */
    Map<String, Set<Long>> running() {
        Map<String, Set<Long>> running = new HashMap<>();
        ProcTable table = ProcTable.read();
        table.entries().stream()
                .filter(entry -> !entry.ended())
                .forEach(entry -> table.marker(entry)
                        .filter(marker -> marker.startsWith(stack + "."))
                        .ifPresent(marker -> running.computeIfAbsent(marker, each -> new HashSet<>())
                                .add(entry.id().pid())));
        return running;
    }

    /** Compares what is said with what is so, of those of which the same is said before and after the look. */
    List<String> lies(Supplier<List<WorkloadStatus>> statuses) {
        Map<String, WorkloadStatus> before = byName(statuses.get());
        Map<String, Set<Long>> running = running();
        List<String> lies = new ArrayList<>();
        byName(statuses.get()).forEach((name, after) -> {
            WorkloadStatus said = before.get(name);
            if (said == null
                    || said.state() != after.state()
                    || !said.instance().equals(after.instance())) {
                return;
            }
            for (String marker : said.instance().split(",", -1)) {
                boolean runs = running.containsKey(marker);
                boolean single = !said.instance().contains(",");
                if (said.state() == WorkloadState.RUNNING && !runs && single) {
                    lies.add(name + " is said to run and does not: " + said);
                }
                if (said.state() == WorkloadState.RESTARTING && runs && single && hasMain(marker, running)) {
                    lies.add(name + " is said to have ended and runs: " + said);
                }
            }
        });
        return lies;
    }

    /** Whether the shell that waits for the program is among them; what a program leaves behind is not the program. */
    private static boolean hasMain(String marker, Map<String, Set<Long>> running) {
        return running.getOrDefault(marker, Set.of()).stream()
                .anyMatch(pid -> ProcessHandle.of(pid)
                        .flatMap(process -> process.info().arguments())
                        .filter(arguments -> List.of(arguments).contains("angee-shim"))
                        .isPresent());
    }

    /**
     * Each start that runs is the latest of its service: nothing runs twice, and nothing that nobody knows of. What was
     * started between two looks is known a moment later.
     */
    void requireNoStrangers(Supplier<List<WorkloadStatus>> statuses) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(strangers(statuses))
                        .as("processes of the stack that no status tells of")
                        .isEmpty());
    }

    private Map<String, Set<Long>> strangers(Supplier<List<WorkloadStatus>> statuses) {
        Map<String, Set<Long>> strangers = running();
        Set<String> known = new HashSet<>();
        statuses.get().forEach(status -> known.addAll(List.of(status.instance().split(",", -1))));
        strangers.keySet().removeIf(marker -> known.stream().anyMatch(marker::startsWith));
        return strangers;
    }

    private static Map<String, WorkloadStatus> byName(List<WorkloadStatus> statuses) {
        Map<String, WorkloadStatus> byName = new HashMap<>();
        statuses.forEach(status -> byName.put(status.name(), status));
        return byName;
    }
}

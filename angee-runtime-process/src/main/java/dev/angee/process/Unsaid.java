package dev.angee.process;

import dev.angee.plan.Workload;
import dev.angee.runtime.Feature;
import dev.angee.workload.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** What a plan says of its local workloads and a file for process-compose does not, or not quite, in sentences. */
final class Unsaid {
    /** In general, by the manifest's field: what {@code describe()} tells. */
    static final List<String> NOTES = List.of(
            "env: process-compose gives each process all of its own variables; here each has only what is declared for"
                    + " it and a few of the user's",
            "depends_on: of local processes only; and one whose check cannot be said is waited for until it is started",
            "user: everything runs as whoever runs process-compose",
            "limits: there are none",
            "on_owner_exit: everything ends with process-compose; here what does not say 'stop' runs on",
            "profiles: what starts for a profile only is disabled until somebody starts it",
            "run_on: a job that nothing needs and that is not to run at each 'up' is disabled until somebody starts it",
            "timeout: a job may take as long as it likes",
            "restart: the most retries are those of one run, here those in a row; the pauses are process-compose's own",
            "success_exit_codes: with restart 'on-failure', what ends with one of them is started again; here it is not",
            "stop_grace: whole seconds; where none is said, the ten that are usual here are written",
            "shutdown: with such a command no signal is sent; what the command leaves runs on, and is killed only if the"
                    + " command fails; here it is asked by signal, and killed when its time is over",
            "logs: whole megabytes, at least two files, and files of its own",
            "healthcheck: what keeps failing it is ended; here it is unhealthy, and runs on",
            "healthcheck.exec, liveness.exec: the check has the variables of process-compose; here those of the service",
            "healthcheck.http: status 200 alone is a success; here each from 200 to 399",
            "healthcheck.tcp: there is no such check",
            "healthcheck.log: a text that is found in a line, no regular expression; and it is waited for without end",
            "healthcheck.start_period: failures count from the start",
            "healthcheck.interval, healthcheck.timeout: whole seconds",
            "liveness: only a daemon is ended by it, anything else is reported; here each service is ended, and its"
                    + " restart policy applies",
            "liveness.tcp: there is no such check",
            "liveness.start_period: the first check is made after it; here checks are made, and failures do not count");

    private final List<String> sentences = new ArrayList<>();

    /** Notes something of a workload. */
    void add(Workload workload, String what) {
        String kind = workload.isJob() ? "job" : "service";
        sentences.add(kind + " " + YamlLines.quote(workload.name()) + ": " + YamlLines.comment(what));
    }

    /** Notes what a workload asks for and no line of the file can hold. */
    void features(Workload workload) {
        for (Feature feature : Feature.of(workload)) {
            sentence(feature, workload).ifPresent(what -> add(workload, what));
        }
        workload.lifecycle()
                .timeout()
                .ifPresent(timeout -> add(workload, "it is killed when it has run for " + timeout));
    }

    /** One list for all features, so that a new one is not forgotten. */
    private static Optional<String> sentence(Feature feature, Workload workload) {
        return switch (feature) {
            case RESTART,
                    STOP_SIGNAL,
                    STOP_GRACE,
                    SHUTDOWN,
                    REPLICAS,
                    SUCCESS_EXIT_CODES,
                    LOGS,
                    HTTP_CHECK,
                    TCP_CHECK,
                    LOG_CHECK,
                    LIVENESS -> Optional.empty(); // in the file, or noted where it is left out
            case USER -> workload.user().map(user -> "it runs as user '" + user + "'");
            case LIMITS -> Optional.of("it may use at the most " + limits(workload.limits()));
            case ON_OWNER_EXIT -> Optional.of("it ends with the program that has started it");
            case BUILD,
                    ENTRYPOINT,
                    LABELS,
                    NETWORKS,
                    EXTRA_HOSTS,
                    CAP_DROP,
                    CAP_ADD,
                    READ_ONLY,
                    NO_NEW_PRIVILEGES,
                    CONTAINER_RUNTIME,
                    DOCKER_ACCESS -> Optional.of("its '" + feature.field() + "', which is for containers");
        };
    }

    private static String limits(Limits limits) {
        StringJoiner parts = new StringJoiner(", ");
        limits.memory().ifPresent(bytes -> parts.add(bytes + " bytes of memory"));
        limits.milliCpus().ifPresent(milli -> parts.add(milli + "/1000 CPUs"));
        limits.pids().ifPresent(pids -> parts.add(pids + " processes"));
        return parts.toString();
    }

    /** The sentences as lines of a comment; empty if there is none. */
    String comment() {
        StringBuilder lines = new StringBuilder();
        sentences.forEach(each -> lines.append("# - ").append(each).append('\n'));
        return lines.isEmpty() ? "" : "# This format cannot say:\n" + lines;
    }
}

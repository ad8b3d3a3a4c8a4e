package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.MappingReader.ListForm;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads what says when a workload starts, ends and starts again, and what it may use meanwhile. */
final class LifecycleReader {
    private static final Pattern SIGNAL = Pattern.compile("SIG[A-Z][A-Z0-9+-]{1,9}");
    private static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final int MOST_REPLICAS = 1000;
    private static final int MOST_LOG_FILES = 1000;
    private static final int STANDARD_LOG_FILES = 5;
    private static final long STANDARD_LOG_SIZE = 10L << 20;
    private static final int HIGHEST_EXIT_CODE = 255;

    private LifecycleReader() {}

    static Lifecycle service(MappingReader entry) {
        RestartPolicy restart = entry.form(
                        "restart",
                        RestartPolicy::parse,
                        "one of no, always, unless-stopped, on-failure and on-failure:<most retries>")
                .orElse(RestartPolicy.never());
        OnOwnerExit onOwnerExit = entry.word("on_owner_exit", List.of("keep", "stop"))
                .filter("stop"::equals)
                .map(word -> OnOwnerExit.STOP)
                .orElse(OnOwnerExit.KEEP);
        return new Lifecycle(
                restart,
                entry.integer("replicas", 1, MOST_REPLICAS).orElse(1),
                exitCodes(entry),
                signal(entry),
                entry.duration("stop_grace"),
                onOwnerExit,
                Optional.empty(),
                profiles(entry),
                RunOn.DEMAND,
                entry.map("logs", LifecycleReader::rotation));
    }

    static Lifecycle job(MappingReader entry) {
        RunOn runOn = entry.word("run_on", List.of("demand", "up"))
                .filter("up"::equals)
                .map(word -> RunOn.UP)
                .orElse(RunOn.DEMAND);
        Optional<Duration> timeout = entry.duration("timeout");
        if (timeout.filter(Duration::isZero).isPresent()) {
            entry.contradiction("timeout", "must be longer than nothing");
        }
        return new Lifecycle(
                RestartPolicy.never(),
                1,
                exitCodes(entry),
                signal(entry),
                entry.duration("stop_grace"),
                OnOwnerExit.KEEP,
                timeout,
                profiles(entry),
                runOn,
                entry.map("logs", LifecycleReader::rotation));
    }

    private static Optional<String> signal(MappingReader entry) {
        return entry.form(
                "stop_signal",
                text -> Optional.of(text).filter(t -> SIGNAL.matcher(t).matches()),
                "a signal such as SIGTERM or SIGINT");
    }

    private static Set<Integer> exitCodes(MappingReader entry) {
        Set<Integer> codes = new TreeSet<>();
        entry.items(
                "success_exit_codes",
                ListForm.LIST,
                (path, item) -> entry.integer(item, path, 0, HIGHEST_EXIT_CODE).ifPresent(codes::add));
        return codes;
    }

    private static List<String> profiles(MappingReader entry) {
        List<String> profiles = entry.texts("profiles", ListForm.LIST);
        for (String profile : profiles) {
            if (!PROFILE.matcher(profile).matches()) {
                entry.problem("profiles", "'" + profile + "' cannot be the name of a profile");
            }
        }
        return profiles;
    }

    private static Optional<LogRotation> rotation(MappingReader logs) {
        OptionalLong size = logs.size("max_size");
        int files = logs.integer("max_files", 1, MOST_LOG_FILES).orElse(STANDARD_LOG_FILES);
        return Optional.of(new LogRotation(size.orElse(STANDARD_LOG_SIZE), files));
    }

    static Optional<Limits> limits(MappingReader limits) {
        return Optional.of(new Limits(
                limits.size("memory"), limits.milliCpus("cpus"), limits.integer("pids", 1, Integer.MAX_VALUE)));
    }
}

package dev.angee.compose;

import com.github.dockerjava.api.model.BlkioStatEntry;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.StatisticNetworksConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import dev.angee.runtime.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sample of the engine's, read. */
final class UsageSample {
    private UsageSample() {}

    /** Empty if it counts nothing, as the last one of a container that has ended. */
    static Optional<Usage> of(Statistics sample, ProjectContainer container, OptionalLong memoryLimit) {
        String read = sample.getRead();
        Long cpu = sample.getCpuStats() == null || sample.getCpuStats().getCpuUsage() == null
                ? null
                : sample.getCpuStats().getCpuUsage().getTotalUsage();
        MemoryStatsConfig memory = sample.getMemoryStats();
        if (read == null || read.startsWith("0001-") || cpu == null || memory == null || memory.getUsage() == null) {
            return Optional.empty();
        }
        Long pids = sample.getPidsStats() == null ? null : sample.getPidsStats().getCurrent();
        return Optional.of(new Usage(
                container.service(),
                container.instance(),
                Instant.parse(read),
                Duration.ofNanos(cpu),
                Math.max(0, number(memory.getUsage()) - reclaimable(memory.getStats())),
                memoryLimit,
                pids == null ? OptionalInt.empty() : OptionalInt.of(pids.intValue()),
                network(sample, StatisticNetworksConfig::getRxBytes),
                network(sample, StatisticNetworksConfig::getTxBytes),
                disk(sample, "read"),
                disk(sample, "write")));
    }

    /** Files that are cached and were not used of late: what the engine's own program leaves out too. */
    private static long reclaimable(@Nullable StatsConfig stats) {
        if (stats == null) {
            return 0;
        }
        Long whole = stats.getTotalInactiveFile(); // cgroups of version 1 count those of sub-groups apart
        return number(whole == null ? stats.getInactiveFile() : whole);
    }

    private static long network(Statistics sample, Function<StatisticNetworksConfig, Long> count) {
        Map<String, StatisticNetworksConfig> networks = Objects.requireNonNullElse(sample.getNetworks(), Map.of());
        return networks.values().stream()
                .map(count)
                .mapToLong(UsageSample::number)
                .sum();
    }

    private static long disk(Statistics sample, String direction) {
        List<BlkioStatEntry> entries =
                sample.getBlkioStats() == null ? null : sample.getBlkioStats().getIoServiceBytesRecursive();
        Collection<BlkioStatEntry> known = Objects.requireNonNullElse(entries, List.of());
        return known.stream()
                .filter(e -> direction.equals(String.valueOf(e.getOp()).toLowerCase(Locale.ROOT)))
                .map(BlkioStatEntry::getValue)
                .mapToLong(UsageSample::number)
                .sum();
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}

package dev.angee.compose;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an engine says of itself.
 *
 * @param version its version
 * @param api the newest version of its API
 * @param system what its containers run on, {@code linux} or {@code windows}
 * @param hostName the name of the host it runs on
 * @param rootDir where it keeps images and containers, on its own host
 * @param runtimes what it can run containers with, in name order
 * @param networks the kinds of networks it can make
 * @param traits what is true of it
 */
record EngineFacts(
        String version,
        String api,
        String system,
        String hostName,
        Path rootDir,
        Set<String> runtimes,
        Set<String> networks,
        Set<Trait> traits) {

    /** What can be true of an engine. */
    enum Trait {
        LIMITS_MEMORY,
        LIMITS_CPUS,
        LIMITS_PIDS,
        FORWARDS_IPV4,
        ROOTLESS,
        WITHOUT_CGROUPS,
        MAPS_USERS,
        IN_SWARM
    }

    /** Asks it, once. */
    static EngineFacts of(Engine engine) throws InterruptedException {
        return of(engine, Deadline.after(engine.usualPatience()));
    }

    /** The same, within the usual time for an answer, and before a moment. */
    static EngineFacts of(Engine engine, Deadline deadline) throws InterruptedException {
        Duration left = Duration.ofNanos(Math.max(0, deadline.nanosLeft())).truncatedTo(ChronoUnit.MILLIS);
        Duration usual = engine.usualPatience();
        return engine.ask(
                "about itself",
                left.compareTo(usual) < 0 ? left : usual,
                client -> of(client.versionCmd().exec(), client.infoCmd().exec()));
    }

    /** From its two answers; what an answer does not say is taken to be well. */
    static EngineFacts of(Version version, Info info) {
        Map<String, ?> runtimes = Objects.requireNonNullElse(info.getRuntimes(), Map.of());
        Map<String, List<String>> plugins = Objects.requireNonNullElse(info.getPlugins(), Map.of());
        return new EngineFacts(
                text(version.getVersion()),
                text(version.getApiVersion()),
                text(info.getOsType()),
                text(info.getName()),
                Path.of(text(info.getDockerRootDir())),
                new TreeSet<>(runtimes.keySet()),
                new TreeSet<>(Objects.requireNonNullElse(plugins.get("Network"), List.of("bridge"))),
                traits(info));
    }

    private static Set<Trait> traits(Info info) {
        Collection<String> security = Objects.requireNonNullElse(info.getSecurityOptions(), List.of());
        Set<Trait> traits = new HashSet<>();
        add(traits, Trait.LIMITS_MEMORY, isNotFalse(info.getMemoryLimit()));
        add(traits, Trait.LIMITS_CPUS, isNotFalse(info.getCpuCfsQuota()));
        // docker-java 3.7.1 has no field for it
        add(traits, Trait.LIMITS_PIDS, isNotFalse(info.getRawValues().get("PidsLimit")));
        add(traits, Trait.FORWARDS_IPV4, isNotFalse(info.getIPv4Forwarding()));
        boolean rootless = security.stream().anyMatch(option -> option.startsWith("name=rootless"));
        add(traits, Trait.ROOTLESS, rootless);
        // On cgroup v1 it says that it limits, and does not (20.10).
        boolean none = "none".equals(info.getCGroupDriver()) || (rootless && "1".equals(info.getCGroupVersion()));
        add(traits, Trait.WITHOUT_CGROUPS, none);
        add(traits, Trait.MAPS_USERS, security.stream().anyMatch(option -> option.startsWith("name=userns")));
        boolean swarm = info.getSwarm() != null
                && "active".equalsIgnoreCase(String.valueOf(info.getSwarm().getLocalNodeState()));
        add(traits, Trait.IN_SWARM, swarm);
        return traits;
    }

    private static void add(Set<Trait> traits, Trait trait, boolean isTrue) {
        if (isTrue) {
            traits.add(trait);
        }
    }

    private static boolean isNotFalse(@Nullable Object said) {
        return !Boolean.FALSE.equals(said);
    }

    private static String text(@Nullable String said) {
        return said == null ? "" : said;
    }
}

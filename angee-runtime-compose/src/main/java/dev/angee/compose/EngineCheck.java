package dev.angee.compose;

import dev.angee.compose.EngineFacts.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an engine will do. Pure.
 *
 * @param facts what it says of itself
 * @param free how many bytes are free where it keeps its containers, if that is on this host
 */
record EngineCheck(EngineFacts facts, OptionalLong free) {
    /** That of engine 20.10, the oldest that this was tried with. */
    private static final int MAJOR = 1;

    private static final int MINOR = 41;
    private static final Pattern API = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    private static final long MIB = 1L << 20;

    /** Not even the logs of a few containers have room in less. */
    private static final long TOO_LITTLE = 64 * MIB;

    private static final long LITTLE = 2048 * MIB;

    /** Why it will not do, and what to do; empty if it will. */
    Optional<String> problem() {
        if (!facts.system().isEmpty() && !facts.system().equals("linux")) {
            return Optional.of("the engine runs containers of " + facts.system() + ": switch it to Linux containers");
        }
        Matcher api = API.matcher(facts.api());
        if (api.matches() && isOld(Integer.parseInt(api.group(1)), Integer.parseInt(api.group(2)))) {
            return Optional.of("engine " + facts.version() + " speaks version " + facts.api() + " of its API, and "
                    + MAJOR + "." + MINOR + " is needed: install Docker 20.10 or later");
        }
        if (!facts.networks().contains("bridge")) {
            return Optional.of("the engine can make no networks of its own (it has no 'bridge' driver, but "
                    + String.join(", ", facts.networks()) + "): let it run on a Linux host of its own kernel");
        }
        if (free.isPresent() && free.getAsLong() < TOO_LITTLE) {
            return Optional.of("the disk of the engine is full (" + free.getAsLong() / MIB + " MiB are free at "
                    + facts.rootDir() + "): free some, with 'docker system df' and 'docker image prune' for example");
        }
        return Optional.empty();
    }

    private static boolean isOld(int major, int minor) {
        return major < MAJOR || (major == MAJOR && minor < MINOR);
    }

    /** What is not as it should be, although it will do. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        limits(warnings);
        if (!facts.traits().contains(Trait.FORWARDS_IPV4)) {
            warnings.add("the engine's host does not forward IPv4, so that containers reach nothing outside, and nobody"
                    + " reaches them: set sysctl net.ipv4.ip_forward=1");
        }
        if (facts.traits().contains(Trait.MAPS_USERS)) {
            warnings.add("the engine maps users: root in a container is a user without rights on this host, who must be"
                    + " given rights on mounted folders");
        }
        if (facts.traits().contains(Trait.IN_SWARM)) {
            warnings.add("the engine is a node of a swarm: stacks run on this node only, and are none of the swarm's");
        }
        if (free.isPresent() && free.getAsLong() >= TOO_LITTLE && free.getAsLong() < LITTLE) {
            warnings.add("the disk of the engine is nearly full (" + free.getAsLong() / MIB + " MiB are free at "
                    + facts.rootDir() + "): free some before images are built or pulled");
        }
        return warnings;
    }

    private void limits(List<String> warnings) {
        if (facts.traits().contains(Trait.WITHOUT_CGROUPS)) {
            warnings.add("the engine runs without control groups"
                    + (facts.traits().contains(Trait.ROOTLESS) ? ", as a rootless one does on version 1 of them" : "")
                    + ": no limit of memory, CPUs or processes is enforced; boot the host with version 2, or use an"
                    + " engine that root runs");
            return;
        }
        limit(warnings, Trait.LIMITS_MEMORY, "memory", "memory");
        limit(warnings, Trait.LIMITS_CPUS, "CPUs", "cpu");
        limit(warnings, Trait.LIMITS_PIDS, "processes", "pids");
    }

    private void limit(List<String> warnings, Trait trait, String what, String controller) {
        if (!facts.traits().contains(trait)) {
            warnings.add("the engine cannot limit " + what + ": such a limit is not enforced; enable the '" + controller
                    + "' controller of the kernel's control groups");
        }
    }
}

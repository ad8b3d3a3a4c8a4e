package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.ConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * 8 JVMs with 16 threads each lease and release ports of one pool of 2,000, and one JVM is killed in the middle. Whoever
 * has a port proves it with a file that only one can make. Takes about 20 s; {@code -Dports.torture.seconds=60} gives the
 * one-minute form.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PortLedgerTortureIT {
    static final PortPool POOL = new PortPool("many", 20_000, 21_999);
    private static final int JVMS = 8;
    private static final int FREE = 100;
    private static final int SECONDS = Integer.getInteger("ports.torture.seconds", 12);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path temporary;

    private final Map<String, Process> jvms = new TreeMap<>();
    private Path folder;
    private PortLedger ledger;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = temporary.toRealPath();
        for (String name : List.of("root", "claims", "log")) {
            Files.createDirectory(folder.resolve(name));
        }
        ledger = PortLedger.in(folder.resolve("state"), Clock.systemUTC(), PortProbe.noObjection());
    }

    @AfterEach
    void endWhatIsLeft() {
        jvms.values().forEach(Process::destroyForcibly);
    }

    @Test
    void no_port_is_had_twice_and_no_lease_is_lost_though_a_jvm_is_killed_R22_R56() throws Exception {
        List<PortLease> filling = fill();
        for (int i = 0; i < JVMS; i++) {
            start("j" + i);
        }
        await("all are ready").atMost(PATIENCE).until(() -> logs("ready-").size() == JVMS);
        Files.createFile(folder.resolve("go"));
        long half = TimeUnit.SECONDS.toMillis(SECONDS) / 2;
        Process victim = Objects.requireNonNull(jvms.remove("j0"));
        assertThat(victim.waitFor(half, TimeUnit.MILLISECONDS))
                .as("j0 works on")
                .isFalse();
        await("j0 has a port").atMost(PATIENCE).until(() -> !orphans().isEmpty());
        victim.destroyForcibly().waitFor(); // SIGKILL
        List<PortLease> orphaned = orphans();
        assertThat(orphaned).as("what the killed JVM had").isNotEmpty();
        takeBack(orphaned);
        assertThat(jvms.get("j1").waitFor(half, TimeUnit.MILLISECONDS))
                .as("j1 works on")
                .isFalse();
        await("the ports of j0 are had by others")
                .atMost(PATIENCE)
                .until(() -> !had(orphaned).isEmpty());
        Files.createFile(folder.resolve("stop"));
        for (Map.Entry<String, Process> each : jvms.entrySet()) {
            assertThat(each.getValue().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(each.getKey() + " ends")
                    .isTrue();
            assertThat(each.getValue().exitValue()).as(output(each.getKey())).isZero();
        }
        assertClaimsAreTheLeases(filling);
        assertNoIdCameTwice();
        assertStaleReleasesAreRefused(orphaned);
        report();
    }

    /** Most of the pool is leased from the beginning, so that the file is as long as it gets and the pool runs out. */
    private List<PortLease> fill() {
        List<LegacyLease> leases = new ArrayList<>();
        for (int i = 0; i < POOL.last() - POOL.first() + 1 - FREE; i++) {
            leases.add(new LegacyLease(
                    "many",
                    POOL.first() + i,
                    "service/s" + i + "/many",
                    Clock.systemUTC().instant()));
        }
        return ledger.adopt(folder.resolve("root"), leases).adopted();
    }

    private List<PortLease> orphans() {
        return ledger.all().stream()
                .filter(lease -> lease.owner().name().startsWith("j0t"))
                .toList();
    }

    /** What a recovery does: the dead JVM's claims go, then its leases; others lease those ports from now on. */
    private void takeBack(List<PortLease> orphaned) throws IOException {
        for (PortLease lease : orphaned) {
            Path claim = folder.resolve("claims/" + lease.port());
            if (Files.exists(claim)) { // else it died between the two
                assertThat(Files.readString(claim))
                        .as("who has claimed " + lease)
                        .isIn("", lease.id().toString());
                Files.delete(claim);
            }
            ledger.release(lease);
        }
    }

    /** To be called when nobody works any more. */
    private void assertClaimsAreTheLeases(List<PortLease> filling) throws IOException {
        Map<Integer, UUID> leased = new TreeMap<>();
        ledger.all().forEach(lease -> leased.put(lease.port(), lease.id()));
        Map<Integer, UUID> expected = new TreeMap<>(claims());
        filling.forEach(lease -> expected.put(lease.port(), lease.id()));
        assertThat(leased).isEqualTo(expected);
        assertThat(claims()).isNotEmpty();
    }

    private void assertNoIdCameTwice() throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path log : logs("ids-")) {
            ids.addAll(Files.readAllLines(log));
        }
        assertThat(ids).hasSizeGreaterThan(JVMS * TortureJvm.THREADS).doesNotHaveDuplicates();
    }

    private void assertStaleReleasesAreRefused(List<PortLease> orphaned) {
        List<PortLease> before = ledger.all();
        List<PortLease> refused = new ArrayList<>(had(orphaned));
        for (PortLease stale : orphaned) {
            Optional<PortLease> present =
                    refused.stream().filter(each -> each.port() == stale.port()).findFirst();
            if (present.isEmpty()) {
                ledger.release(stale);
            } else {
                assertThatThrownBy(() -> ledger.release(stale))
                        .isInstanceOf(ConflictException.class)
                        .hasMessageContaining(present.get().owner().toString());
            }
        }
        assertThat(ledger.all()).isEqualTo(before);
    }

    /** The leases of others on ports that these once were. */
    private List<PortLease> had(List<PortLease> orphaned) {
        Set<Integer> ports = orphaned.stream().map(PortLease::port).collect(Collectors.toSet());
        return ledger.all().stream()
                .filter(lease -> ports.contains(lease.port()))
                .toList();
    }

    private void report() throws IOException {
        StringBuilder text = new StringBuilder("ports torture, " + SECONDS + " s:");
        for (Path log : logs("sum-")) {
            text.append(' ')
                    .append(log.getFileName())
                    .append(" [")
                    .append(Files.readString(log))
                    .append(']');
        }
        System.out.println(text);
    }

    private Map<Integer, UUID> claims() throws IOException {
        Map<Integer, UUID> claims = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("claims"))) {
            for (Path file : files.toList()) {
                claims.put(Integer.parseInt(file.getFileName().toString()), UUID.fromString(Files.readString(file)));
            }
        }
        return claims;
    }

    private List<Path> logs(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("log"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private void start(String name) throws IOException {
        jvms.put(
                name,
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-Xmx192m",
                                "-XX:+UseSerialGC",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-cp",
                                System.getProperty("java.class.path"),
                                TortureJvm.class.getName(),
                                folder.toString(),
                                name)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log/out-" + name).toFile())
                        .start());
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve("log/out-" + name));
    }
}

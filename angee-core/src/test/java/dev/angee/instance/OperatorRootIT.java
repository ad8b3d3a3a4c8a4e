package dev.angee.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.ConflictException;
import dev.angee.internal.ForeignFlock;
import dev.angee.port.PortLease;
import dev.angee.port.PortLedger;
import dev.angee.port.PortProbe;
import dev.angee.resolve.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A root that the Go operator has made, and one that it works in: its lock is taken by the real {@code flock}. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OperatorRootIT {
    private static final String MADE_THERE = """
            version: 1
            kind: stack
            name: shop
            operator: { port_pool: { web: { range: 8100-8199 } } }
            sources: { app: { kind: git, repo: "https://example.org/app.git" } }
            workspaces:
                feat-x:
                    template: dev
                    sources: { app: { source: app, mode: worktree, branch: workspace/feat-x, ref: main } }
                    resolved: { chain: [dev], chain_root: stack, allocations: { web: 8101 } }
                    ttl: 24h
                    ttl_expires_at: 2026-01-01T00:00:00Z
            port_leases:
                web:
                    - port: 8101
                      owner: workspace/feat-x/web
                      created_at: 0001-01-01T00:00:00Z
                    - port: 8102
                      owner: nobody-we-know
                      created_at: 2026-01-01T00:00:00Z
            """;

    @TempDir
    Path folder;

    private Path root;
    private PortLedger ledger;

    @BeforeEach
    void make() throws Exception {
        root = Files.createDirectories(folder.toRealPath().resolve("root"));
        Files.writeString(root.resolve("angee.yaml"), MADE_THERE);
        Files.createDirectories(root.resolve("workspaces/feat-x"));
        ledger = PortLedger.in(folder.resolve("state"), Clock.systemUTC(), PortProbe.noObjection());
    }

    @Test
    void leases_in_the_manifest_are_taken_over_once_and_what_is_not_is_said() throws Exception {
        Imported imported = new OperatorRoot(StackLayout.of(root)).takeOver(ledger);
        assertThat(imported.taken()).containsExactly("port 8101, leased to workspace/feat-x/web");
        assertThat(imported.left()).hasSize(2);
        assertThat(imported.left().get(0)).contains("8102").contains("nobody-we-know");
        assertThat(imported.left().get(1)).contains("workspace feat-x").contains("push its branches");
        assertThat(ledger.leases(root)).extracting(PortLease::port).containsExactly(8101);
        assertThat(root.resolve("angee.yaml")).hasContent(MADE_THERE);

        ledger.release(root, "workspace/feat-x");
        assertThat(new OperatorRoot(StackLayout.of(root)).takeOver(ledger).taken())
                .isEmpty();
        assertThat(ledger.leases(root)).isEmpty();
    }

    @Test
    void a_root_is_refused_while_the_operator_holds_its_lock() throws Exception {
        Path lock =
                Files.createFile(Files.createDirectories(root.resolve("run")).resolve("operator.lock"));
        OperatorRoot operator = new OperatorRoot(StackLayout.of(root));
        operator.refuseWhileLocked();
        Process holder = new ProcessBuilder("flock", lock.toString(), "sleep", "60").start();
        try {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ForeignFlock.holder(lock).isPresent());
            assertThatThrownBy(operator::refuseWhileLocked)
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("a Go operator works in it (process ")
                    .hasMessageContaining(lock.toString());
        } finally {
            holder.descendants().forEach(ProcessHandle::destroyForcibly);
            holder.destroyForcibly();
            holder.waitFor();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ForeignFlock.holder(lock).isEmpty());
        operator.refuseWhileLocked();
    }
}

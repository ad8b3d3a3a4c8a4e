package dev.angee.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.port.PortLedger;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.port.PortProbe;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AngeeBuilderTest {
    @TempDir
    Path root;

    @Test
    void the_ledger_heeds_what_listens_and_what_every_runtime_keeps_R56() throws Exception {
        try (ServerSocket listener = new ServerSocket(0)) {
            int first = Math.min(listener.getLocalPort(), 65_000);
            PortPool pool = new PortPool("web", first, first + 20);
            List<BackendProvider> providers = List.of(keeping(first + 1), keeping(first + 2), keeping(0));
            PortLedger ledger =
                    new AngeeBuilder(root).stateFolder(root.resolve("state")).portLedger(providers);
            assertThat(ledger.lease(pool, root, PortOwner.stack("web")).port()).isGreaterThan(first + 2);
        }
    }

    @Test
    void a_runtime_that_says_nothing_keeps_no_port() {
        BackendProvider silent = new BackendProvider() {
            @Override
            public RuntimeKind runtime() {
                return RuntimeKind.LOCAL;
            }

            @Override
            public Backend open(ProjectName project, Path folder) {
                throw new UnsupportedOperationException();
            }
        };
        assertThat(silent.portProbe().isFree(80)).isTrue();
    }

    private static BackendProvider keeping(int kept) {
        return new BackendProvider() {
            @Override
            public RuntimeKind runtime() {
                return RuntimeKind.CONTAINER;
            }

            @Override
            public Backend open(ProjectName project, Path folder) {
                throw new UnsupportedOperationException();
            }

            @Override
            public PortProbe portProbe() {
                return port -> port != kept;
            }
        };
    }
}

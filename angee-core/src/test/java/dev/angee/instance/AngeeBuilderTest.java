package dev.angee.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.port.PortLedger;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.port.PortProbe;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import dev.angee.source.CredentialSource;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import dev.angee.template.TemplateCatalog;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;

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

    /** A source control that does anything would say so. */
    @Test
    void templates_come_from_this_host_only_and_by_no_path_unless_the_host_says_so_C17_S6() throws Exception {
        Path template = Files.createDirectories(root.resolve("elsewhere/stacks/t"));
        Files.writeString(template.resolve("copier.yml"), "_angee: { kind: stack }\n");
        Path own = Files.createDirectories(root.resolve("own"));
        Path work = Files.createDirectories(root.resolve("work/.templates/stacks/w"));
        Files.writeString(work.resolve("copier.yml"), "_angee: { kind: stack }\n");
        Path cache = root.resolve("cache");
        SourceControl control = mock(SourceControl.class);
        TemplateCatalog standard = new TemplateCatalog(new AngeeBuilder(own)
                .environment(Map.of("XDG_CACHE_HOME", cache.toString()))
                .templateLibraries(control, CredentialSource.none()));
        for (String ref : List.of("stacks/nope", "stacks/nope@v1", "stacks/w", template.toString())) {
            assertThatThrownBy(() -> standard.get(ref)).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> standard.refresh(ref)).isInstanceOf(NotFoundException.class);
        }
        assertThatThrownBy(() -> standard.refresh("file://" + template)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> standard.refresh("owner/repo//x")).isInstanceOf(InvalidInputException.class);
        standard.refresh();
        verifyNoInteractions(control);
        assertThat(cache).doesNotExist();
        TemplateCatalog told = new TemplateCatalog(new AngeeBuilder(own)
                .environment(Map.of("XDG_CACHE_HOME", cache.toString()))
                .workingFolder(root.resolve("work"))
                .templatesBelow(root.resolve("elsewhere"))
                .templateRegistry(GitUrl.of("https://git.example.invalid/t.git"))
                .templateHost(GitUrl.of("https://git.example.invalid"))
                .templateLibraries(control, CredentialSource.none()));
        assertThat(told.get("stacks/w").metadata().kind()).isEqualTo("stack");
        assertThat(told.get(template.toString()).metadata().kind()).isEqualTo("stack");
        assertThatThrownBy(() -> told.get("stacks/nope")).hasMessageContaining("git.example.invalid/t.git");
        assertThatThrownBy(() -> told.get("owner/repo//x")).hasMessageContaining("git.example.invalid/owner/repo.git");
        verifyNoInteractions(control);
        assertThatThrownBy(() -> told.refresh("stacks/nope@v1")).isInstanceOf(NotFoundException.class);
        ArgumentCaptor<Path> fetched = ArgumentCaptor.forClass(Path.class);
        verify(control).fetch(any(), fetched.capture(), any());
        assertThat(fetched.getValue().getParent().getParent()).isEqualTo(cache.resolve("angee/templates"));
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

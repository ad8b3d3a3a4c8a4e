package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.instance.AngeeBuilder;
import dev.angee.operation.Progress;
import dev.angee.source.Credentials;
import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateText;
import dev.angee.workspace.WorkspaceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the sources of a workspace are fetched when it is made. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WorkspaceSourcesTest {
    private static final WorkspaceRequest NEW = WorkspaceRequest.named("new").template("t");

    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), "a", "b");
        Path template = Files.createDirectories(instance.root.resolve("templates/workspaces/t"));
        Files.writeString(template.resolve("copier.yml"), """
                _templates_suffix: .tpl
                _angee: { kind: workspace, sources: { a: {}, b: {}, again: { source: a } } }
                """);
        instance.reopen(builder());
    }

    private AngeeBuilder builder() {
        return instance.builder().renderer(new AsItIs());
    }

    /** There is nothing to render but a name. */
    private static final class AsItIs implements TemplateRenderer {
        @Override
        public String suffix() {
            return ".tpl";
        }

        @Override
        public String render(TemplateText text, Map<String, ?> inputs, TemplateIncludes includes) {
            return text.text();
        }
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void the_sources_are_fetched_at_once_and_each_one_only_once_R42() {
        CyclicBarrier both = new CyclicBarrier(2);
        instance.reopen(builder().credentials(remote -> {
            try {
                both.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("one after the other", e);
            }
            return Credentials.none();
        }));
        instance.control.calls.clear();
        instance.angee().workspaces().create(NEW);
        assertThat(instance.calls("fetch")).containsExactlyInAnyOrder("fetch a", "fetch b");
        assertThat(instance.control.freshness).as("what is there now (C1)").containsExactly(Duration.ZERO);
    }

    @Test
    void sources_need_not_be_fetched_again_within_a_time_R42() {
        instance.angee().workspaces().create(NEW.unlessFetchedWithin(Duration.ofMinutes(5)));
        assertThat(instance.control.freshness).containsExactly(Duration.ofMinutes(5));
        assertThatThrownBy(() -> NEW.unlessFetchedWithin(Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_source_that_cannot_be_fetched_fails_it_once_the_others_have_ended() {
        instance.control.failBefore("fetch a", MemorySourceControl::unreachable);
        instance.control.calls.clear();
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("does not answer");
        assertThat(instance.calls("fetch")).containsExactlyInAnyOrder("fetch a", "fetch b");
        assertThat(instance.path("new", "b")).doesNotExist();
    }

    @Test
    void an_interrupt_ends_the_fetching_before_anything_is_taken_back() {
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW, progress -> {
                    if (progress instanceof Progress.WorktreeAdded) {
                        throw new IllegalStateException("enough");
                    }
                }))
                .hasMessage("enough");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW)).isInstanceOf(AngeeException.class);
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("angee-fetch") && thread.isAlive()))
                .isEmpty();
        assertThat(instance.angee().workspaces().create(NEW).exists()).isTrue();
    }

    private void preserving(Map<String, String> links) throws IOException {
        Path template = instance.root.resolve("templates/workspaces/t");
        Files.writeString(
                template.resolve("copier.yml"),
                "_templates_suffix: .tpl\n_preserve_symlinks: true\n_angee: { kind: workspace, sources: { a: {} } }\n");
        for (Map.Entry<String, String> link : links.entrySet()) {
            Path place = template.resolve(link.getKey());
            Files.createDirectories(place.getParent());
            Files.createSymbolicLink(place, Path.of(link.getValue()));
        }
    }

    @Test
    void links_of_a_template_are_links_in_the_workspace() throws IOException {
        preserving(Map.of("docs/up", "../a", "to", "docs"));
        Path made = instance.angee().workspaces().create(NEW).path();
        assertThat(Files.readSymbolicLink(made.resolve("docs/up"))).isEqualTo(Path.of("../a"));
        assertThat(Files.readSymbolicLink(made.resolve("to"))).isEqualTo(Path.of("docs"));
    }

    @ParameterizedTest
    @CsvSource({"x, /etc", "x, ..", "d/x, ../..", "d/x, ../../other", "x, a/../..", "x, a/../b"})
    void a_link_of_a_template_that_would_lead_out_of_the_workspace_is_refused(String place, String target)
            throws IOException {
        preserving(Map.of(place, target));
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("leads out");
        assertThat(instance.path("new", "a")).doesNotExist();
    }

    @Test
    void a_link_through_a_link_leads_no_further() throws IOException {
        preserving(Map.of("d", ".", "d2/l", "..", "d2/l2", "l/../.."));
        assertThatThrownBy(() -> instance.angee().workspaces().create(NEW)).isInstanceOf(InvalidInputException.class);
    }
}

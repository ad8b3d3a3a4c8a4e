package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.source.SlotState;
import dev.angee.source.Unfinished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class LiveTopologyTest {
    private static final WatchOptions FOR_LONG = WatchOptions.defaults().trusting(Duration.ofHours(1));
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), "app");
        for (String name : List.of("p", "q", "r")) {
            instance.workspace(name, "app");
        }
    }

    @AfterEach
    void close() {
        instance.close();
    }

    /** The status is in memory and the watched folder real: a touch says that something has changed. */
    private void edit(String workspace) throws Exception {
        instance.edit(workspace, "app", "file", Long.toString(System.nanoTime()));
        touch(workspace);
    }

    private void touch(String workspace) throws Exception {
        Files.writeString(instance.path(workspace, "app").resolve("touched"), Long.toString(System.nanoTime()));
    }

    private int looks() {
        int looks = instance.calls("status").size();
        instance.control.calls.clear();
        return looks;
    }

    @Test
    void only_what_has_changed_is_looked_at_again() throws Exception {
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            assertThat(looks()).isEqualTo(3);
            assertThat(live.topology().links()).hasSize(3);
            assertThat(looks()).isZero();
            edit("q");
            assertThat(live.topology().link("q", "app").orElseThrow().state()).isEqualTo(SlotState.DIRTY);
            assertThat(looks()).isEqualTo(1);
            assertThat(live.topology()).isEqualTo(instance.gitops().topology());
        }
    }

    @Test
    void while_a_change_goes_on_its_slot_is_looked_at_each_time_for_nothing_tells_of_a_death() throws Exception {
        Path pending = Files.createDirectory(MemorySourceControl.pendingOf(instance.path("q", "app")));
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            looks();
            instance.folder("q", "app").unfinished = Unfinished.CHANGE;
            assertThat(live.topology().link("q", "app").orElseThrow().unfinished())
                    .isEqualTo(Unfinished.CHANGE);
            assertThat(looks()).isEqualTo(1);
            instance.folder("q", "app").unfinished = Unfinished.NOTHING;
            Files.delete(pending);
            assertThat(live.topology().link("q", "app").orElseThrow().unfinished())
                    .isEqualTo(Unfinished.NOTHING);
            assertThat(looks()).isEqualTo(1);
            assertThat(live.topology().links()).hasSize(3);
            assertThat(looks()).isZero();
            Files.createDirectory(pending);
            assertThat(live.topology().links()).hasSize(3);
            assertThat(looks()).isEqualTo(1);
        }
    }

    @Test
    void a_lock_that_git_takes_for_a_look_is_no_change_and_what_it_moves_into_place_is() throws Exception {
        Path record = Files.createDirectories(MemorySourceControl.recordOf(instance.path("q", "app")));
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            looks();
            Path lock = Files.writeString(record.resolve("index.lock"), "1");
            Files.delete(lock);
            live.topology();
            assertThat(looks()).as("git status").isZero();
            Files.move(Files.writeString(lock, "2"), record.resolve("index"));
            live.topology();
            assertThat(looks()).as("git add").isEqualTo(1);
            Files.writeString(instance.path("q", "app").resolve("yarn.lock"), "3");
            live.topology();
            assertThat(looks()).as("a file of that name").isEqualTo(1);
        }
    }

    @Test
    void times_may_be_longer_than_can_be_counted() throws Exception {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        try (LiveTopology live = instance.gitops().watch(WatchOptions.defaults().trusting(forEver))) {
            looks();
            live.topology();
            assertThat(looks()).isZero();
            edit("q");
            assertThat(live.next(forEver)).hasSize(1);
        }
    }

    @Test
    void nothing_is_watched_after_the_instance_was_closed() {
        instance.gitops().close();
        assertThatThrownBy(() -> instance.gitops().watch()).isInstanceOf(RuntimeException.class);
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("angee-watch") && thread.isAlive()))
                .isEmpty();
    }

    @Test
    void after_its_time_a_slot_is_not_believed_any_more() {
        try (LiveTopology live = instance.gitops().watch(WatchOptions.defaults().trusting(Duration.ZERO))) {
            looks();
            live.topology();
            assertThat(looks()).isEqualTo(3);
        }
    }

    @Test
    void what_cannot_be_watched_is_looked_at_each_time() throws Exception {
        Files.createDirectories(instance.path("q", "app").resolve("a/b/c"));
        try (LiveTopology live = instance.gitops().watch(FOR_LONG.atMost(3, 100))) {
            looks();
            live.topology();
            assertThat(looks()).as("q has four folders").isEqualTo(1);
        }
        try (LiveTopology live = instance.gitops().watch(FOR_LONG.atMost(100, 0))) {
            looks();
            live.topology();
            assertThat(looks()).isEqualTo(3);
        }
    }

    @Test
    void a_folder_that_goes_and_comes_back_is_seen() throws Exception {
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            Path path = instance.path("p", "app");
            Path aside = Files.move(path, path.resolveSibling("aside"));
            assertThat(live.topology().link("p", "app").orElseThrow().state()).isEqualTo(SlotState.MISSING);
            Files.move(aside, path);
            assertThat(live.topology().link("p", "app").orElseThrow().state()).isEqualTo(SlotState.CLEAN);
            edit("p");
            assertThat(live.topology().link("p", "app").orElseThrow().state()).isEqualTo(SlotState.DIRTY);
        }
    }

    @Test
    void a_source_that_is_no_longer_declared_is_seen() throws Exception {
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            Path manifest = instance.root.resolve("angee.yaml");
            Files.writeString(manifest, Files.readString(manifest).replace("  app:", "  other:"));
            assertThat(live.topology().links()).allMatch(link -> link.state() == SlotState.ERROR);
        }
    }

    @Test
    void changes_are_told_once_and_come_by_themselves() throws Exception {
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            assertThat(live.next(Duration.ZERO)).isEmpty();
            Thread editor = new Thread(() -> {
                try {
                    edit("r");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            editor.start();
            List<LinkChange> changes = live.next(SOON);
            editor.join();
            assertThat(changes).singleElement().satisfies(change -> {
                assertThat(change.id()).isEqualTo("r:app");
                assertThat(change.before().orElseThrow().state()).isEqualTo(SlotState.CLEAN);
                assertThat(change.after().orElseThrow().state()).isEqualTo(SlotState.DIRTY);
            });
            touch("r");
            assertThat(live.next(Duration.ZERO))
                    .as("looked at again, and found as it was")
                    .isEmpty();
            instance.workspace("s", "app");
            Files.delete(instance.root.resolve("run/workspaces/p.json"));
            assertThat(live.next(SOON))
                    .satisfiesExactlyInAnyOrder(
                            gone -> {
                                assertThat(gone.id()).isEqualTo("p:app");
                                assertThat(gone.after()).isEmpty();
                            },
                            come -> {
                                assertThat(come.id()).isEqualTo("s:app");
                                assertThat(come.before()).isEmpty();
                            });
        }
    }

    @Test
    void closing_the_instance_closes_it_also_for_one_who_waits() throws Exception {
        LiveTopology live = instance.gitops().watch(FOR_LONG);
        Thread closer = new Thread(() -> instance.close());
        closer.start();
        assertThatThrownBy(() -> live.next(SOON)).isInstanceOf(IllegalStateException.class);
        closer.join();
        assertThatThrownBy(live::topology).isInstanceOf(IllegalStateException.class);
        live.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("angee-watch");
    }

    @Test
    void a_slot_that_could_not_be_read_is_looked_at_when_it_can_be() throws Exception {
        instance.folder("p", "app").branch = Optional.of("elsewhere");
        try (LiveTopology live = instance.gitops().watch(FOR_LONG)) {
            assertThat(live.topology().link("p", "app").orElseThrow().state()).isEqualTo(SlotState.BRANCH_MISMATCH);
            instance.folder("p", "app").branch = Optional.of("p-app");
            touch("p");
            assertThat(live.topology().link("p", "app").orElseThrow().state()).isEqualTo(SlotState.CLEAN);
        }
    }
}

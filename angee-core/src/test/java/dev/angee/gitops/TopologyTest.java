package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.angee.InvalidInputException;
import dev.angee.gitops.SourceState.State;
import dev.angee.source.Commit;
import dev.angee.source.SlotState;
import dev.angee.source.Unfinished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyTest {
    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), "app", "lib");
        instance.workspace("x", "app");
        instance.workspace("z", "lib");
    }

    @AfterEach
    void close() {
        instance.close();
    }

    /** A row: what is done to the slot, and what is said of it then. */
    record Row(String condition, Arrangement arrangement, SlotState state, boolean pushed, int unpushed, String note) {
        @Override
        public String toString() {
            return condition;
        }
    }

    interface Arrangement {
        void in(MemoryInstance instance) throws Exception;
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(
                        "its source is not declared",
                        i -> Files.writeString(
                                i.root.resolve("angee.yaml"),
                                Files.readString(i.root.resolve("angee.yaml")).replace("  app:", "  other:")),
                        SlotState.ERROR,
                        false,
                        0,
                        "source 'app' is not declared"),
                new Row(
                        "its folder is missing",
                        i -> Files.delete(i.path("x", "app")),
                        SlotState.MISSING,
                        true,
                        0,
                        "is not there"),
                new Row(
                        "something else is where its folder was",
                        i -> {
                            Files.delete(i.path("x", "app"));
                            Files.createSymbolicLink(i.path("x", "app"), i.root);
                        },
                        SlotState.ERROR,
                        false,
                        0,
                        "is not a folder"),
                new Row(
                        "git fails",
                        i -> i.control.failBefore("status app", MemorySourceControl::unreachable),
                        SlotState.ERROR,
                        false,
                        0,
                        "does not answer"),
                new Row(
                        "the engine has a defect",
                        i -> i.control.failBefore("status app", () -> new IllegalStateException("oops")),
                        SlotState.ERROR,
                        false,
                        0,
                        "oops"),
                new Row(
                        "it is on another branch, and dirty",
                        i -> {
                            i.folder("x", "app").branch = Optional.of("elsewhere");
                            i.edit("x", "app", "a", "1");
                        },
                        SlotState.BRANCH_MISMATCH,
                        false,
                        1,
                        "on elsewhere, should be on x-app"),
                new Row(
                        "it is on no branch",
                        i -> i.folder("x", "app").branch = Optional.empty(),
                        SlotState.BRANCH_MISMATCH,
                        false,
                        1,
                        "on no branch"),
                new Row(
                        "it is dirty, and ahead",
                        i -> {
                            i.commit("x", "app", "a", "1");
                            i.edit("x", "app", "b", "1");
                            i.edit("x", "app", "c", "1");
                        },
                        SlotState.DIRTY,
                        false,
                        1,
                        "2 uncommitted"),
                new Row(
                        "it is dirty alone",
                        i -> i.edit("x", "app", "b", "1"),
                        SlotState.DIRTY,
                        false,
                        1,
                        "1 uncommitted"),
                new Row("it is level with its base", i -> {}, SlotState.CLEAN, true, 0, ""),
                new Row("it is ahead", i -> i.commit("x", "app", "a", "1"), SlotState.AHEAD, false, 1, "not pushed"),
                new Row(
                        "it is ahead, and pushed",
                        i -> {
                            i.commit("x", "app", "a", "1");
                            i.gitops().push("x");
                        },
                        SlotState.AHEAD,
                        true,
                        0,
                        "pushed"),
                new Row(
                        "it is behind",
                        i -> {
                            i.elsewhere("app", "main", "o", "1");
                            i.gitops().fetch();
                        },
                        SlotState.BEHIND,
                        true,
                        0,
                        "sync-base brings it current"),
                new Row(
                        "it has diverged",
                        i -> {
                            i.commit("x", "app", "a", "1");
                            i.elsewhere("app", "main", "o", "1");
                            i.gitops().fetch();
                        },
                        SlotState.DIVERGED,
                        false,
                        1,
                        "not pushed"),
                new Row(
                        "it has diverged, and is pushed",
                        i -> {
                            i.commit("x", "app", "a", "1");
                            i.elsewhere("app", "main", "o", "1");
                            i.gitops().push("x");
                        },
                        SlotState.DIVERGED,
                        true,
                        0,
                        "sync-base, then land"),
                new Row(
                        "a merge is not finished",
                        i -> {
                            i.edit("x", "app", "a", "1");
                            i.folder("x", "app").unfinished = Unfinished.MERGE;
                        },
                        SlotState.DIRTY,
                        false,
                        1,
                        "an unfinished merge; resume or abort it"),
                new Row(
                        "a rebase is not finished",
                        i -> {
                            i.folder("x", "app").branch = Optional.empty();
                            i.folder("x", "app").unfinished = Unfinished.REBASE;
                        },
                        SlotState.BRANCH_MISMATCH,
                        false,
                        1,
                        "an unfinished rebase; resume or abort it"),
                new Row(
                        "a change was cut off",
                        i -> {
                            i.edit("x", "app", "a", "1");
                            i.folder("x", "app").unfinished = Unfinished.CHANGE;
                        },
                        SlotState.DIRTY,
                        false,
                        1,
                        "an unfinished change; abort it"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_slot_has_the_state_that_the_table_says_and_hides_no_other(Row row) throws Exception {
        row.arrangement().in(instance);
        Topology topology = instance.gitops().topology();
        Link link = topology.link("x", "app").orElseThrow();
        assertThat(link.state()).isEqualTo(row.state());
        assertThat(link.pushed()).as("pushed").isEqualTo(row.pushed());
        assertThat(link.note()).contains(row.note());
        if (row.note().isEmpty()) {
            assertThat(link.note()).isEmpty();
        }
        assertThat(topology.link("z", "lib").orElseThrow().state()).isEqualTo(SlotState.CLEAN);
        Topology.Summary summary = topology.summary();
        assertThat(summary.unpushed()).as("unpushed").isEqualTo(row.unpushed());
        int alike = row.state() == SlotState.CLEAN ? 4 : 1; // the other slot and both sources are clean
        assertThat(summary.states().get(row.state())).isEqualTo(alike);
        assertThat(summary.workspaces()).isEqualTo(2);
        assertThat(summary.worktrees()).isEqualTo(2);
        assertThat(summary.sources()).isEqualTo(2);
    }

    @Test
    void every_state_has_its_row() {
        assertThat(rows().map(Row::state)).contains(SlotState.values());
    }

    @Test
    void changes_are_counted_on_another_branch_too() {
        instance.folder("x", "app").branch = Optional.of("elsewhere");
        instance.edit("x", "app", "a", "1");
        assertThat(instance.gitops().topology().link("x", "app").orElseThrow().changes())
                .isEqualTo(1);
    }

    @Test
    void a_record_that_cannot_be_read_is_named_and_hides_nothing() throws Exception {
        instance.record("y", """
                {"version": 1, "name": "y", "template": "t", "inputs": {}, "chainRoot": null, "allocations": {}, "slots":
                 [{"name": "app", "source": "app", "branch": "y", "base": "main", "cache": "/c", "path": "../up"}]}
                """);
        Topology topology = instance.gitops().topology();
        assertThat(topology.problems()).singleElement().asString().contains("workspace 'y'");
        assertThat(topology.workspaces()).containsExactly("x", "z");
        assertThat(topology.links()).extracting(Link::id).containsExactly("x:app", "z:lib");
    }

    @Test
    void without_a_manifest_that_can_be_read_slots_are_shown_all_the_same() throws Exception {
        Files.writeString(instance.root.resolve("angee.yaml"), "broken: [");
        Topology topology = instance.gitops().topology();
        assertThat(topology.problems()).singleElement().asString().startsWith("sources: ");
        assertThat(topology.sources()).isEmpty();
        assertThat(topology.link("x", "app").orElseThrow().state()).isEqualTo(SlotState.CLEAN);
    }

    @Test
    void a_source_is_ready_missing_or_broken_and_hides_no_other_C27() throws Exception {
        Files.writeString(
                instance.root.resolve("angee.yaml"),
                Files.readString(instance.root.resolve("angee.yaml"))
                        + "  here: { kind: local, path: . }\n  nowhere: { kind: local, path: none }\n"
                        + "  uncloned: { kind: git, repo: \"/uncloned\" }\n");
        instance.gitops().fetch();
        instance.control.failBefore("branches lib", MemorySourceControl::unreachable);
        Topology topology = instance.gitops().topology();
        assertThat(topology.sources())
                .extracting(SourceState::name, SourceState::state)
                .containsExactly(
                        tuple("app", State.READY),
                        tuple("here", State.READY),
                        tuple("lib", State.ERROR),
                        tuple("nowhere", State.MISSING),
                        tuple("uncloned", State.MISSING));
        assertThat(topology.source("lib").orElseThrow().note()).contains("does not answer");
        SourceState app = topology.source("app").orElseThrow();
        assertThat(app.fetched()).isPresent();
        assertThat(app.branches()).hasSize(1);
        assertThat(app.commits()).as("not asked for").isEmpty();
        assertThat(topology.summary().states())
                .containsEntry(SlotState.MISSING, 2)
                .containsEntry(SlotState.ERROR, 1);
    }

    @Test
    void commits_come_when_they_are_asked_for() {
        instance.elsewhere("app", "main", "o", "1");
        instance.gitops().fetch();
        assertThat(commits(1)).extracting(Commit::summary).containsExactly("change o");
        assertThat(commits(1_000_000)).extracting(Commit::summary).containsExactly("change o", "change README");
        assertThatThrownBy(() -> TopologyOptions.withCommits(-1)).isInstanceOf(InvalidInputException.class);
        assertThat(TopologyOptions.withCommits(5000).commits()).isEqualTo(1000);
    }

    private List<Commit> commits(int most) {
        return instance.gitops()
                .topology(TopologyOptions.withCommits(most))
                .source("app")
                .orElseThrow()
                .commits();
    }
}

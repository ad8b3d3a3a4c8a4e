package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.gitops.SlotResult.Became;
import dev.angee.source.Author;
import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.Unfinished;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever works in the slots, or on the remote, while something is done in all of them. */
class JointRacesTest {
    private static final String[] SLOTS = {"a", "b"};
    private static final LandOptions MAIN = LandOptions.into("main");

    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), SLOTS);
        instance.workspace("x", SLOTS);
    }

    @AfterEach
    void close() {
        instance.close();
    }

    /** Once, in the moment before a call does its work. */
    private void at(String call, Runnable meanwhile) {
        AtomicBoolean done = new AtomicBoolean();
        instance.control.onCall(told -> {
            if (told.equals(call) && done.compareAndSet(false, true)) {
                meanwhile.run();
            }
        });
    }

    private void commitBoth() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
    }

    private void baseMoves() {
        for (String slot : SLOTS) {
            instance.elsewhere(slot, "main", "theirs", "1");
        }
    }

    private CommitId head(String slot) {
        return instance.folder("x", slot).head;
    }

    private Optional<CommitId> main(String slot) {
        return instance.control.remote(instance.cache(slot), "main");
    }

    @Test
    void a_landing_that_is_taken_back_leaves_what_another_has_landed_meanwhile_C14() throws Exception {
        instance.workspace("y", "a");
        commitBoth();
        instance.commit("y", "a", "other", "1");
        List<Optional<CommitId>> ofY = new ArrayList<>();
        at("land x-a", () -> {
            assertThat(instance.gitops().land("y", MAIN).succeeded()).isTrue();
            ofY.add(main("a"));
        });
        instance.control.reject("land x-b", "protected");
        JointOutcome landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).containsExactly(Became.TAKEN_BACK, Became.FAILED);
        assertThat(main("a")).isEqualTo(ofY.get(0));
        assertThat(instance.control.remoteFiles(instance.cache("a"), "main")).containsKey("other");
    }

    @Test
    void a_commit_after_the_look_is_neither_merged_into_nor_taken_away() {
        for (SyncOptions how : List.of(SyncOptions.defaults(), SyncOptions.rebasing())) {
            baseMoves();
            at("fetch a", () -> instance.commit("x", "a", "work", how.method().name()));
            JointOutcome sync = instance.gitops().syncBase("x", how);
            assertThat(became(sync)).containsExactly(Became.FAILED, Became.NOT_TRIED);
            assertThat(sync.slot("a").orElseThrow().reason()).contains("moved meanwhile");
            assertThat(instance.calls("rewind")).isEmpty();
        }
    }

    @Test
    void a_commit_in_the_last_moment_outlives_a_merge_that_is_taken_back() {
        commitBoth();
        baseMoves();
        List<CommitId> work = new ArrayList<>();
        at("merge a", () -> {
            instance.commit("x", "a", "work", "1");
            work.add(head("a"));
        });
        instance.control.failBefore("merge b", MemorySourceControl::unreachable);
        JointOutcome sync = instance.gitops().syncBase("x");
        assertThat(became(sync)).containsExactly(Became.TAKEN_BACK, Became.FAILED);
        assertThat(head("a")).isEqualTo(work.get(0));
    }

    @Test
    void a_commit_in_the_last_moment_keeps_a_rebase_from_being_taken_back() {
        commitBoth();
        baseMoves();
        at("rebase a", () -> instance.commit("x", "a", "work", "1"));
        instance.control.failBefore("rebase b", MemorySourceControl::unreachable);
        JointOutcome sync = instance.gitops().syncBase("x", SyncOptions.rebasing());
        assertThat(became(sync)).containsExactly(Became.LEFT, Became.FAILED);
        assertThat(sync.slot("a").orElseThrow().reason()).contains("came meanwhile");
        assertThat(instance.calls("rewind")).isEmpty();
    }

    @Test
    void a_slot_that_somebody_goes_on_with_after_its_merge_is_left() {
        commitBoth();
        baseMoves();
        at("merge b", () -> instance.folder("x", "a").branch = Optional.of("other"));
        instance.control.failBefore("merge b", MemorySourceControl::unreachable);
        JointOutcome sync = instance.gitops().syncBase("x");
        assertThat(became(sync)).containsExactly(Became.LEFT, Became.FAILED);
        assertThat(sync.slot("a").orElseThrow().reason()).contains("on other").contains("switch back to x-a");
        assertThat(instance.calls("rewind")).isEmpty();
    }

    @Test
    void a_merge_that_somebody_else_has_begun_is_not_aborted() {
        baseMoves();
        at("merge a", () -> instance.folder("x", "a").unfinished = Unfinished.MERGE);
        instance.control.failBefore(
                "merge a", () -> new ConflictException("worktree", "a", "has something unfinished"));
        JointOutcome sync = instance.gitops().syncBase("x");
        assertThat(became(sync)).containsExactly(Became.LEFT, Became.NOT_TRIED);
        assertThat(sync.slot("a").orElseThrow().reason()).contains("unfinished merge");
        assertThat(instance.calls("abort")).isEmpty();
        assertThat(instance.folder("x", "a").unfinished).isEqualTo(Unfinished.MERGE);
    }

    @Test
    void only_what_was_looked_at_is_pushed() {
        commitBoth();
        at("push x-a", () -> instance.commit("x", "a", "secret-wip", "1"));
        JointOutcome push = instance.gitops().push("x");
        assertThat(became(push)).containsExactly(Became.FAILED, Became.NOT_TRIED);
        assertThat(push.slot("a").orElseThrow().reason()).contains("moved meanwhile");
        assertThat(instance.control.remote(instance.cache("a"), "x-a")).isEmpty();
    }

    @Test
    void only_what_was_looked_at_is_landed() {
        commitBoth();
        Optional<CommitId> before = main("a");
        at("push x-b", () -> instance.commit("x", "a", "secret-wip", "1"));
        JointOutcome landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).containsExactly(Became.FAILED, Became.NOT_TRIED);
        assertThat(landing.slot("a").orElseThrow().reason()).contains("moved meanwhile");
        assertThat(main("a")).isEqualTo(before);
        at("land x-a", () -> instance.commit("x", "a", "more-wip", "1"));
        landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).as("in the last moment").containsExactly(Became.FAILED, Became.NOT_TRIED);
        assertThat(landing.slot("a").orElseThrow().reason()).contains("taken out again");
        assertThat(main("a")).isEqualTo(before);
    }

    @Test
    void a_push_that_is_taken_back_goes_back_to_what_the_remote_had() {
        commitBoth();
        instance.gitops().push("x");
        Optional<CommitId> pushed = instance.control.remote(instance.cache("a"), "x-a");
        commitBoth();
        instance.control.reject("push x-b", "no");
        assertThat(became(instance.gitops().push("x"))).containsExactly(Became.TAKEN_BACK, Became.FAILED);
        assertThat(instance.control.remote(instance.cache("a"), "x-a")).isEqualTo(pushed);
    }

    @Test
    void a_slot_that_is_on_another_branch_by_then_is_not_committed_in() {
        for (String slot : SLOTS) {
            instance.edit("x", slot, "wip", "1");
        }
        at("commit a", () -> instance.folder("x", "b").branch = Optional.of("other"));
        JointOutcome commit = instance.gitops().commit("x", "wip", Author.angee());
        assertThat(became(commit)).containsExactly(Became.LEFT, Became.FAILED);
        assertThat(instance.folder("x", "b").edits).containsKey("wip");
    }

    @Test
    void one_slot_alone_is_looked_at_again_after_the_fetch() {
        instance.commit("x", "a", "mine", "1");
        baseMoves();
        List<Runnable> all = List.of(
                () -> instance.gitops().in("x", "a").pull(),
                () -> instance.gitops().in("x", "a").push(),
                () -> instance.gitops().in("x", "a").syncBase(SyncOptions.defaults(), MergeOptions.OnConflict.UNDO));
        for (Runnable each : all) {
            instance.folder("x", "a").branch = Optional.of("x-a");
            at("fetch a", () -> instance.folder("x", "a").branch = Optional.of("other"));
            assertThatThrownBy(each::run).isInstanceOf(ConflictException.class).hasMessageContaining("is on other");
        }
        assertThat(instance.calls("push")).isEmpty();
        assertThat(instance.calls("merge")).isEmpty();
        instance.folder("x", "a").branch = Optional.of("x-a");
        at("push x-a", () -> instance.commit("x", "a", "wip", "1"));
        assertThatThrownBy(() -> instance.gitops().in("x", "a").push(PushOptions.defaults()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("moved meanwhile");
    }

    @Test
    void the_remote_is_asked_for_a_lost_answer_also_when_interrupted() {
        commitBoth();
        List<Boolean> interrupted = new ArrayList<>();
        instance.control.onCall(call -> {
            if (call.equals("push x-b")) {
                Thread.currentThread().interrupt();
            }
            if (call.startsWith("probe")) {
                interrupted.add(Thread.currentThread().isInterrupted());
            }
        });
        instance.control.failAfter("push x-b", MemorySourceControl::unreachable);
        JointOutcome push = instance.gitops().push("x");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(interrupted).containsExactly(false);
        assertThat(became(push)).containsExactly(Became.DONE, Became.DONE);
    }

    @Test
    void a_source_that_cannot_be_fetched_fails_its_slot_with_the_reason() {
        commitBoth();
        instance.control.failBefore("fetch b", MemorySourceControl::unreachable);
        JointOutcome push = instance.gitops().push("x");
        assertThat(became(push)).containsExactly(Became.NOT_TRIED, Became.FAILED);
        assertThat(push.slot("b").orElseThrow().reason()).contains("does not answer");
        assertThat(instance.calls("push")).isEmpty();
    }

    @Test
    void a_defect_of_one_slot_names_it_and_hides_no_other() {
        instance.edit("x", "a", "wip", "1");
        instance.control.failBefore("status b", () -> new IllegalStateException("oops"));
        assertThatThrownBy(() -> instance.gitops().push("x"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("slot 'a' has 1 uncommitted")
                .hasMessageContaining("slot 'b' cannot be read: java.lang.IllegalStateException: oops");
    }

    @Test
    void a_defect_half_way_says_what_could_not_be_taken_back() {
        commitBoth();
        instance.control.failBefore("land x-b", () -> new IllegalStateException("oops"));
        instance.control.reject("retract main", "protected");
        assertThatThrownBy(() -> instance.gitops().land("x", MAIN))
                .hasMessage("oops")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .asString()
                        .contains("slot 'a' is left (could not be taken back: the remote's main keeps")
                        .contains("protected")
                        .contains("slot 'b' is left (whether it was done is not known"));
    }

    @Test
    void the_branch_that_is_missing_is_named_and_what_to_do_fits() {
        instance.commit("x", "a", "mine", "1");
        instance.gitops().in("x", "a").push();
        assertThatThrownBy(() -> instance.gitops().pull("x"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("branch 'x-b'")
                .hasMessageContaining("publish it first");
        assertThatThrownBy(() -> instance.gitops().land("x", LandOptions.into("release")))
                .hasMessageContaining("branch 'release'")
                .hasMessageNotContaining("publish it first");
    }

    private static List<Became> became(JointOutcome outcome) {
        return outcome.slots().stream().map(SlotResult::became).toList();
    }
}

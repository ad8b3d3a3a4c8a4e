package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.gitops.SlotResult.Became;
import dev.angee.internal.FileLocks;
import dev.angee.secret.SecretValue;
import dev.angee.source.Author;
import dev.angee.source.Credentials;
import dev.angee.source.Unfinished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JointOperationsTest {
    private static final String[] SLOTS = {"a", "b", "c"};
    private static final LandOptions MAIN = LandOptions.into("main");

    @TempDir
    Path folder;

    private MemoryInstance instance;
    private int opened;

    /** Something that is done in all slots. */
    private enum Operation {
        LAND,
        PUSH,
        PUBLISH,
        SYNC_BY_MERGE,
        SYNC_BY_REBASE,
        PULL;

        JointOutcome in(MemoryInstance instance) {
            GitOps gitops = instance.gitops();
            return switch (this) {
                case LAND -> gitops.land("x", MAIN);
                case PUSH -> gitops.push("x");
                case PUBLISH -> gitops.publish("x");
                case SYNC_BY_MERGE -> gitops.syncBase("x");
                case SYNC_BY_REBASE -> gitops.syncBase("x", SyncOptions.rebasing());
                case PULL -> gitops.pull("x");
            };
        }
    }

    @BeforeEach
    void open() throws Exception {
        if (instance != null) {
            instance.close();
        }
        instance = new MemoryInstance(folder.toRealPath().resolve("i" + opened++), SLOTS);
        instance.workspace("x", SLOTS);
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void a_fault_at_any_step_leaves_all_done_or_nothing_and_what_is_left_is_named_C14(Operation operation)
            throws Exception {
        arrange(operation);
        instance.control.calls.clear();
        assertThat(operation.in(instance).succeeded()).isTrue();
        int calls = instance.control.calls.size();
        assertThat(calls).isGreaterThan(6);
        Set<Became> met = new TreeSet<>();
        for (MemorySourceControl.Fault fault : MemorySourceControl.Fault.values()) {
            for (int nth = 1; nth <= calls; nth++) {
                open();
                arrange(operation);
                Map<String, String> before = standing(operation);
                instance.control.failNth(nth, fault);
                String step = fault + " at call " + nth;
                try {
                    JointOutcome outcome = operation.in(instance);
                    check(step, operation, before, outcome);
                    outcome.slots().forEach(slot -> met.add(slot.became()));
                } catch (AngeeException e) {
                    assertThat(standing(operation))
                            .as(step + ", " + e.getMessage())
                            .isEqualTo(before);
                }
            }
        }
        assertThat(met)
                .as("the faults reach what there is to reach")
                .contains(Became.NOT_TRIED, Became.TAKEN_BACK, Became.LEFT);
    }

    private void check(String step, Operation operation, Map<String, String> before, JointOutcome outcome) {
        Map<String, String> now = standing(operation);
        String told = step + ": " + outcome + "\n" + instance.control.calls;
        if (outcome.succeeded()) {
            assertThat(now).as(told).allSatisfy((slot, at) -> assertThat(at).isNotEqualTo(before.get(slot)));
            return;
        }
        assertThat(outcome.slots()).as(told).hasSize(SLOTS.length).noneMatch(slot -> slot.became() == Became.DONE);
        for (SlotResult slot : outcome.slots()) {
            if (slot.became() != Became.LEFT) {
                assertThat(now.get(slot.slot())).as(told).isEqualTo(before.get(slot.slot()));
            }
            assertThat(slot.reason()).as(told).isNotEmpty();
        }
    }

    /** So that there is something to do in each slot, and something to go back to. */
    private void arrange(Operation operation) {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        instance.gitops().push("x");
        for (String slot : SLOTS) {
            switch (operation) {
                case LAND, PUSH, PUBLISH -> instance.commit("x", slot, "mine", "2");
                case SYNC_BY_MERGE, SYNC_BY_REBASE -> instance.elsewhere(slot, "main", "theirs", "1");
                case PULL -> instance.elsewhere(slot, "x-" + slot, "theirs", "1");
            }
        }
    }

    /** What the operation changes, slot by slot. */
    private Map<String, String> standing(Operation operation) {
        Map<String, String> standing = new LinkedHashMap<>();
        for (String slot : SLOTS) {
            standing.put(
                    slot,
                    switch (operation) {
                        case LAND ->
                            instance.control
                                    .remote(instance.cache(slot), "main")
                                    .toString();
                        case PUSH, PUBLISH ->
                            instance.control
                                    .remote(instance.cache(slot), "x-" + slot)
                                    .toString();
                        case SYNC_BY_MERGE, SYNC_BY_REBASE, PULL ->
                            instance.folder("x", slot).head.value();
                    });
        }
        return standing;
    }

    @Test
    void a_conflict_of_the_last_slot_is_known_before_the_first_is_touched_C14() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        instance.elsewhere("c", "main", "mine", "other");
        instance.control.calls.clear();
        JointOutcome landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).containsExactly(Became.NOT_TRIED, Became.NOT_TRIED, Became.CONFLICT);
        assertThat(landing.slot("c").orElseThrow().conflicts()).containsExactly("mine");
        assertThatThrownBy(landing::throwIfConflicted)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("'x'")
                .hasMessageContaining("slot 'c' conflicts in mine");
        JointOutcome sync = instance.gitops().syncBase("x");
        assertThat(became(sync)).containsExactly(Became.NOT_TRIED, Became.NOT_TRIED, Became.CONFLICT);
        assertThat(instance.control.calls)
                .noneMatch(call -> call.matches("(push|land|merge|rebase|retract|rewind) .*"));
    }

    @Test
    void a_conflict_that_only_the_rebase_meets_takes_the_others_back() {
        for (String slot : SLOTS) {
            instance.elsewhere(slot, "main", "theirs", "1");
        }
        instance.commit("x", "c", "theirs", "mine");
        String before = instance.folder("x", "a").head.value();
        JointOutcome sync = instance.gitops().syncBase("x", SyncOptions.rebasing());
        assertThat(became(sync)).containsExactly(Became.TAKEN_BACK, Became.TAKEN_BACK, Became.CONFLICT);
        assertThat(instance.folder("x", "a").head.value()).isEqualTo(before);
    }

    @Test
    void landed_slots_are_taken_out_again_when_a_later_one_is_rejected() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        String before = instance.control.remote(instance.cache("a"), "main").toString();
        instance.control.reject("land x-c", "protected");
        JointOutcome landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).containsExactly(Became.TAKEN_BACK, Became.TAKEN_BACK, Became.FAILED);
        assertThat(instance.control.remote(instance.cache("a"), "main")).hasToString(before);
        assertThat(instance.control.remote(instance.cache("a"), "x-a"))
                .as("its branch stays pushed")
                .isPresent();
        assertThat(instance.calls("retract")).as("the last first").hasSize(2);
    }

    @Test
    void what_cannot_be_taken_back_is_left_and_said_so() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        instance.control.reject("land x-c", "protected");
        instance.control.reject("retract main", "somebody has built on it");
        JointOutcome landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).containsExactly(Became.LEFT, Became.LEFT, Became.FAILED);
        assertThat(landing.slot("a").orElseThrow().reason()).contains("somebody has built on it");
        assertThatThrownBy(landing::throwIfConflicted)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("slot 'a' is left")
                .hasMessageContaining("slot 'c' is failed");
    }

    @Test
    void a_push_that_would_be_rejected_is_known_before_anything_is_pushed_C15() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        instance.elsewhere("b", "x-b", "theirs", "1");
        JointOutcome push = instance.gitops().push("x");
        assertThat(became(push)).containsExactly(Became.NOT_TRIED, Became.FAILED, Became.NOT_TRIED);
        assertThat(push.slot("b").orElseThrow().reason()).contains("1 commits that it lacks");
        assertThat(instance.calls("push")).isEmpty();
    }

    @Test
    void a_branch_that_is_new_on_the_remote_stays_there_C15() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        instance.control.reject("push x-c", "pre-receive hook declined: no");
        JointOutcome push = instance.gitops().push("x");
        assertThat(became(push)).containsExactly(Became.LEFT, Became.LEFT, Became.FAILED);
        assertThat(push.slot("c").orElseThrow().reason()).isEqualTo("pre-receive hook declined: no");
        assertThat(push.slot("a").orElseThrow().reason()).contains("was not there before");
    }

    @Test
    void an_answer_that_was_lost_is_asked_for_again() {
        for (String slot : SLOTS) {
            instance.commit("x", slot, "mine", "1");
        }
        instance.control.failAfter("push x-b", MemorySourceControl::unreachable);
        instance.control.failAfter("land x-c", MemorySourceControl::unreachable);
        JointOutcome landing = instance.gitops().land("x", MAIN);
        assertThat(became(landing)).containsExactly(Became.DONE, Became.DONE, Became.DONE);
        assertThat(landing.slot("c").orElseThrow().head())
                .isEqualTo(instance.control.remote(instance.cache("c"), "main"));
    }

    @Test
    void every_slot_that_is_not_as_it_must_be_is_named_and_nothing_is_changed() throws Exception {
        instance.commit("x", "a", "mine", "1");
        instance.edit("x", "a", "wip", "1");
        instance.folder("x", "b").branch = Optional.of("other");
        Files.delete(instance.path("x", "c"));
        instance.control.calls.clear();
        for (Operation operation : Operation.values()) {
            assertThatThrownBy(() -> operation.in(instance))
                    .as(operation.name())
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("workspace 'x'")
                    .hasMessageContaining("slot 'a' has 1 uncommitted changes (first: wip); commit them first")
                    .hasMessageContaining("slot 'b' is on other and should be on x-b; switch back")
                    .hasMessageContaining("slot 'c' is not at");
        }
        assertThat(instance.control.calls).allMatch(call -> call.startsWith("status "));
    }

    @Test
    void a_change_that_was_cut_off_is_put_right_on_the_way() {
        instance.folder("x", "b").unfinished = Unfinished.CHANGE;
        assertThat(instance.gitops().syncBase("x").succeeded()).isTrue();
        assertThat(instance.folder("x", "b").unfinished).isEqualTo(Unfinished.NOTHING);
    }

    @Test
    void what_is_unfinished_is_ended_first() {
        instance.folder("x", "b").unfinished = Unfinished.REBASE;
        instance.edit("x", "b", "wip", "1");
        List<Runnable> all = List.of(
                () -> instance.gitops().commit("x", "m", Author.angee()),
                () -> instance.gitops().land("x", MAIN));
        for (Runnable each : all) {
            assertThatThrownBy(each::run)
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("slot 'b' has an unfinished rebase; resume or abort it first");
        }
    }

    @Test
    void commits_that_were_made_stay_when_a_later_slot_fails() {
        instance.edit("x", "a", "wip", "1");
        instance.edit("x", "c", "wip", "1");
        instance.control.failBefore("commit c", () -> new ConflictException("lock", "c", "is held"));
        JointOutcome commit = instance.gitops().commit("x", "wip", Author.angee());
        assertThat(became(commit)).containsExactly(Became.LEFT, Became.UNCHANGED, Became.FAILED);
        assertThat(commit.slot("a").orElseThrow().head()).contains(instance.folder("x", "a").head);
        assertThat(instance.folder("x", "c").edits).containsKey("wip");
    }

    @Test
    void a_branch_that_a_remote_lacks_is_named_before_anything_is_done() {
        assertThatThrownBy(() -> instance.gitops().land("x", LandOptions.into("release")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("release")
                .hasMessageContaining("slot 'a'")
                .hasMessageContaining("slot 'c'");
        assertThatThrownBy(() -> instance.gitops().pull("x")).isInstanceOf(NotFoundException.class);
        assertThat(instance.calls("push")).isEmpty();
    }

    @Test
    void nothing_to_do_is_no_failure() {
        assertThat(became(instance.gitops().syncBase("x"))).containsOnly(Became.UNCHANGED);
        assertThat(became(instance.gitops().commit("x", "m", Author.angee()))).containsOnly(Became.UNCHANGED);
        assertThat(became(instance.gitops().land("x", MAIN))).containsOnly(Became.UNCHANGED);
        assertThat(became(instance.gitops().push("x"))).containsOnly(Became.UNCHANGED);
    }

    @Test
    void a_defect_on_the_way_takes_back_what_was_done_and_is_thrown() {
        for (String slot : SLOTS) {
            instance.elsewhere(slot, "main", "theirs", "1");
        }
        String before = instance.folder("x", "a").head.value();
        instance.control.failBefore("merge c", () -> new IllegalStateException("oops"));
        assertThatThrownBy(() -> instance.gitops().syncBase("x")).hasMessage("oops");
        assertThat(instance.folder("x", "a").head.value()).isEqualTo(before);
    }

    @Test
    void an_interrupt_waits_until_everything_is_taken_back() {
        for (String slot : SLOTS) {
            instance.elsewhere(slot, "main", "theirs", "1");
        }
        List<Boolean> interruptedAtRewind = new ArrayList<>();
        instance.control.onCall(call -> {
            if (call.equals("merge c")) {
                Thread.currentThread().interrupt();
            }
            if (call.startsWith("rewind")) {
                interruptedAtRewind.add(Thread.currentThread().isInterrupted());
            }
        });
        instance.control.failBefore("merge c", MemorySourceControl::unreachable);
        JointOutcome sync = instance.gitops().syncBase("x");
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        assertThat(became(sync)).containsExactly(Became.TAKEN_BACK, Became.TAKEN_BACK, Became.FAILED);
        assertThat(interruptedAtRewind).containsExactly(false, false);
    }

    @Test
    void each_cache_is_fetched_once_and_shown_what_is_known_for_it_R42() throws Exception {
        instance.reopen(instance.builder()
                .credentials(remote -> new Credentials.Password(
                        "for-" + Path.of(remote.value()).getFileName(), SecretValue.of("secret"))));
        instance.workspace("y", "a", "b");
        instance.commit("y", "a", "mine", "1");
        instance.control.calls.clear();
        instance.control.shown.clear();
        instance.gitops().land("y", MAIN);
        assertThat(instance.calls("fetch")).containsExactlyInAnyOrder("fetch a", "fetch b");
        assertThat(instance.control.shown).containsExactly("for-a", "for-b");
    }

    @Test
    void a_workspace_that_somebody_works_on_is_left_alone() throws Exception {
        List<String> told = new ArrayList<>();
        instance.commit("x", "a", "mine", "1");
        Path lock = instance.root.resolve("run/workspaces/x.lock");
        instance.control.onCall(call -> {
            if (call.startsWith("land")) {
                told.add(String.valueOf(FileLocks.tryTake(lock, "test").isPresent()));
            }
        });
        instance.gitops().land("x", MAIN);
        assertThat(told).isNotEmpty().containsOnly("false");
    }

    private static List<Became> became(JointOutcome outcome) {
        return outcome.slots().stream().map(SlotResult::became).collect(Collectors.toList());
    }
}

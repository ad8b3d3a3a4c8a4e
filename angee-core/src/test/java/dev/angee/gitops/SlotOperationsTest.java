package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.secret.SecretValue;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.Credentials;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SlotState;
import dev.angee.source.Unfinished;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotOperationsTest {
    private static final Revision MAIN = Revision.of("main");
    private static final MergeOptions BY_ANGEE = MergeOptions.by(Author.angee());

    @TempDir
    Path folder;

    private MemoryInstance instance;
    private SlotOperations app;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), "app", "lib");
        instance.workspace("x", "app", "lib");
        app = instance.gitops().in("x", "app");
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void a_fetch_tells_how_the_slot_stands_then() {
        instance.elsewhere("app", "main", "theirs", "1");
        assertThat(app.status().state()).isEqualTo(SlotState.CLEAN);
        assertThat(app.fetch().state()).isEqualTo(SlotState.BEHIND);
        assertThat(instance.calls("fetch")).containsExactly("fetch app");
    }

    @Test
    void a_pull_only_moves_forward() {
        assertThatThrownBy(app::pull).isInstanceOf(NotFoundException.class).hasMessageContaining("publish it first");
        instance.commit("x", "app", "mine", "1");
        assertThat(app.push()).isInstanceOf(PushOutcome.Pushed.class);
        instance.elsewhere("app", "x-app", "theirs", "1");
        assertThat(app.pull()).isInstanceOf(MergeOutcome.FastForward.class);
        assertThat(app.pull()).isInstanceOf(MergeOutcome.UpToDate.class);
        instance.commit("x", "app", "mine", "2");
        instance.elsewhere("app", "x-app", "theirs", "2");
        assertThatThrownBy(app::pull).isInstanceOf(ConflictException.class);
    }

    @Test
    void a_push_says_why_it_was_rejected_and_may_replace_what_is_named_C15() {
        instance.commit("x", "app", "mine", "1");
        instance.elsewhere("app", "x-app", "theirs", "1");
        assertThat(app.push())
                .isInstanceOfSatisfying(
                        PushOutcome.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo("non-fast-forward"));
        assertThat(app.push(PushOptions.defaults()
                        .replacing(instance.control
                                .remote(instance.cache("app"), "x-app")
                                .orElseThrow())))
                .isInstanceOf(PushOutcome.Pushed.class);
        assertThat(app.push(PushOptions.defaults().to(BranchName.of("elsewhere")))
                        .succeeded())
                .isTrue();
        assertThat(instance.control.remote(instance.cache("app"), "elsewhere")).isPresent();
    }

    @Test
    void credentials_of_the_call_come_before_those_that_are_known() throws Exception {
        instance.reopen(
                instance.builder().credentials(remote -> new Credentials.Password("known", SecretValue.of("secret"))));
        instance.commit("x", "app", "mine", "1");
        SlotOperations reopened = instance.gitops().in("x", "app");
        reopened.push();
        assertThat(instance.control.shown).containsExactly("known");
        instance.commit("x", "app", "mine", "2");
        reopened.push(PushOptions.defaults().with(new Credentials.Password("given", SecretValue.of("secret"))));
        assertThat(instance.control.shown).containsExactly("given", "known");
    }

    @Test
    void what_changes_a_slot_needs_it_as_it_should_be_and_says_what_to_do() {
        Map<String, Runnable> needClean = new LinkedHashMap<>();
        needClean.put("pull", app::pull);
        needClean.put("push", app::push);
        needClean.put("publish", app::publish);
        needClean.put("merge", () -> app.merge(MAIN, BY_ANGEE));
        needClean.put("rebase", () -> app.rebase(MAIN, BY_ANGEE));
        needClean.put("sync", () -> app.syncBase(SyncOptions.defaults(), MergeOptions.OnConflict.KEEP));
        Map<String, Runnable> needBranch = new LinkedHashMap<>(needClean);
        needBranch.put("commit", () -> app.commit("m", Author.angee()));
        instance.edit("x", "app", "wip", "1");
        needClean.forEach(
                (name, work) -> refused(name, work, "has 1 uncommitted changes (first: wip); commit them first"));
        instance.folder("x", "app").branch = Optional.of("other");
        needBranch.forEach((name, work) -> refused(name, work, "is on other and should be on x-app; switch back"));
        instance.folder("x", "app").unfinished = Unfinished.MERGE;
        needBranch.forEach((name, work) -> refused(name, work, "has an unfinished merge; resume or abort it first"));
        assertThat(instance.control.calls).allMatch(call -> call.equals("status app"));
        app.abort();
        assertThat(instance.folder("x", "app").unfinished).isEqualTo(Unfinished.NOTHING);
    }

    private static void refused(String name, Runnable work, String why) {
        assertThatThrownBy(work::run)
                .as(name)
                .isInstanceOf(ConflictException.class)
                .hasMessage("workspace 'x': slot 'app' " + why);
    }

    @Test
    void the_base_comes_in_by_a_merge_or_a_rebase() {
        instance.commit("x", "app", "mine", "1");
        instance.elsewhere("app", "main", "theirs", "1");
        assertThat(app.syncBase(SyncOptions.defaults(), MergeOptions.OnConflict.UNDO))
                .isInstanceOf(MergeOutcome.Merged.class);
        instance.elsewhere("app", "main", "theirs", "2");
        assertThat(app.syncBase(SyncOptions.rebasing(), MergeOptions.OnConflict.UNDO))
                .isInstanceOf(MergeOutcome.Rebased.class);
        assertThat(app.status().behind()).isZero();
    }

    @Test
    void the_log_begins_at_what_the_slot_is_on() {
        instance.commit("x", "app", "mine", "1");
        assertThat(app.log(1)).extracting(Commit::summary).containsExactly("change mine");
        assertThat(app.log(9)).hasSize(2);
        assertThatThrownBy(() -> app.changes(Revision.of("nowhere")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("slot 'app' of workspace 'x'");
        assertThatThrownBy(() -> app.file(Revision.of("nowhere"), "README")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void a_slot_or_workspace_that_is_not_there_is_named() {
        assertThatThrownBy(() -> instance.gitops().in("x", "nope")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> instance.gitops().in("nope", "app")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> instance.gitops().in("../x", "app")).isInstanceOf(NotFoundException.class);
    }
}

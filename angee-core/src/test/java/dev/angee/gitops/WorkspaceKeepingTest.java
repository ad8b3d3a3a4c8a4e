package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.source.Unfinished;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Recovery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of work when a workspace is destroyed or taken back. */
class WorkspaceKeepingTest {
    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), "a", "b");
        instance.workspace("x", "a", "b");
    }

    @AfterEach
    void close() {
        instance.close();
    }

    private void destroy() throws InterruptedException {
        instance.angee().workspaces().destroy("x", DestroyOptions.keepingWork());
    }

    @Test
    void work_that_comes_in_the_last_moment_is_not_destroyed_C8() throws Exception {
        instance.control.onCall(call -> {
            if (call.equals("remove b")) {
                instance.edit("x", "b", "wip", "1");
            }
        });
        assertThatThrownBy(this::destroy).isInstanceOf(ConflictException.class).hasMessageContaining("wip");
        assertThat(instance.folder("x", "b").edits).containsKey("wip");
        assertThat(instance.path("x", "b")).exists();
        instance.control.onCall(call -> {});
        instance.folder("x", "b").edits.clear();
        destroy();
        assertThat(instance.path("x", "b")).as("it goes on from there").doesNotExist();
    }

    @Test
    void a_branch_that_gets_commits_in_the_last_moment_stays_C8() {
        instance.control.onCall(call -> {
            if (call.equals("remove b")) {
                instance.commit("x", "b", "mine", "1");
            }
        });
        assertThatThrownBy(this::destroy).isInstanceOf(ConflictException.class);
        assertThat(instance.control.local(instance.cache("b"), "x-b")).contains(instance.folder("x", "b").head);
        assertThat(instance.calls("delete")).doesNotContain("delete x-b");
    }

    @Test
    void what_is_unfinished_or_locked_is_not_destroyed_and_pushed_work_may_go() throws Exception {
        instance.commit("x", "a", "mine", "1");
        instance.gitops().push("x");
        instance.folder("x", "a").unfinished = Unfinished.REBASE;
        assertThatThrownBy(this::destroy).isInstanceOf(ConflictException.class).hasMessageContaining("a: uncommitted");
        instance.folder("x", "a").unfinished = Unfinished.NOTHING;
        instance.folder("x", "a").locked = Optional.of("mine");
        assertThatThrownBy(this::destroy).isInstanceOf(ConflictException.class).hasMessageContaining("a: locked: mine");
        assertThat(instance.calls("remove")).isEmpty();
        instance.folder("x", "a").locked = Optional.empty();
        destroy();
        assertThat(instance.angee().workspaces().made()).isEmpty();
    }

    @Test
    void recovery_leaves_a_worktree_that_somebody_has_worked_in_and_says_so() throws Exception {
        instance.commit("x", "a", "mine", "1");
        diedWhileMaking();
        Recovery recovery = instance.angee().recovered();
        assertThat(recovery.undone()).isEmpty();
        assertThat(recovery.failed()).singleElement().asString().contains("x: ").contains("UNPUSHED");
        assertThat(instance.path("x", "a")).exists();
        assertThat(instance.control.local(instance.cache("a"), "x-a")).isPresent();
    }

    @Test
    void recovery_takes_back_what_nobody_has_worked_in_and_what_was_not_made_to_its_end() throws Exception {
        instance.edit("x", "a", "half", "of the files");
        instance.folder("x", "a").locked = Optional.of("initializing");
        diedWhileMaking();
        assertThat(instance.angee().recovered().undone()).containsExactly("x");
        assertThat(instance.path("x", "a")).doesNotExist();
        assertThat(instance.control.local(instance.cache("b"), "x-b")).isEmpty();
    }

    private void diedWhileMaking() throws Exception {
        Files.delete(instance.root.resolve("run/workspaces/x.json"));
        Files.createDirectories(instance.root.resolve("run/journal"));
        Files.writeString(
                instance.root.resolve("run/journal/x.json"),
                "{\"operation\": \"create workspace\", \"subject\": \"x\", \"since\": \"2026-01-01T00:00:00Z\"}");
        instance.reopen(instance.builder());
    }

    @Test
    void a_damaged_record_is_in_the_way_of_its_own_workspace_alone() throws Exception {
        instance.record("broken", "{");
        assertThat(instance.angee().workspaces().get("x").exists()).isTrue();
        assertThat(instance.gitops().push("x").succeeded()).isTrue();
        assertThatThrownBy(() -> instance.angee().workspaces().get("broken")).isInstanceOf(AngeeException.class);
        assertThatThrownBy(() -> instance.angee().workspaces().get("nope"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("broken, x");
    }
}

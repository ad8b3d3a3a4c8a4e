package dev.angee.git;

import static dev.angee.git.RealGit.assertSound;
import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.namesIn;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.FetchOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs on one cache, and some that die. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TwoProcessesIT {
    private static final int EACH = 6;

    @TempDir
    Path folder;

    private Remote remote;

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
    }

    private Process start(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                remote.folder().toString(),
                name));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(name).toFile())
                .start();
    }

    private Path output(String name) {
        return remote.folder().resolve("output-" + name);
    }

    @Test
    void two_jvms_work_on_one_cache() throws Exception {
        Process one = start("one", "work");
        Process two = start("two", "work");
        for (Process each : List.of(one, two)) {
            assertThat(each.waitFor(2, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(one.exitValue()).as(Files.readString(output("one"))).isZero();
        assertThat(two.exitValue()).as(Files.readString(output("two"))).isZero();
        SourceControl it = new JGitSourceControl();
        assertThat(it.worktrees(remote.cache())).hasSize(2 * EACH);
        assertThat(git(remote.origin(), "for-each-ref", "refs/heads").lines()).hasSize(2 * EACH + 1);
        assertThat(namesIn(remote.cache().getParent())).containsExactly("app.git");
        assertSound(remote.cache());
    }

    @Test
    void a_clone_that_was_killed_leaves_no_cache_and_the_next_one_cleans_up_after_it() throws Exception {
        Process other = start("dying", "hang");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(output("dying"))
                        && Files.readString(output("dying")).contains("hanging"));
        assertThat(namesIn(remote.cache().getParent())).hasSize(1).noneMatch("app.git"::equals);
        SourceControl it = new JGitSourceControl();
        remote.fetch(it);
        assertThat(namesIn(remote.cache().getParent()))
                .as("a living attempt is left alone")
                .hasSize(2);
        other.destroyForcibly().waitFor();
        remote.fetch(it);
        assertThat(namesIn(remote.cache().getParent())).containsExactly("app.git");
        assertSound(remote.cache());
    }

    @Test
    void a_checkout_that_was_killed_keeps_its_mark_and_can_be_removed_and_made_again() throws Exception {
        SourceControl it = new JGitSourceControl();
        remote.fetch(it);
        Process other = start("dying", "hang-in-checkout");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(output("dying"))
                        && Files.readString(output("dying")).contains("hanging"));
        other.destroyForcibly().waitFor();
        Worktree half = new Worktree(remote.cache(), remote.folder().resolve("dying"));
        assertThat(git(remote.cache(), "worktree", "prune", "-v")).isEmpty();
        assertThat(it.worktrees(remote.cache())).hasSize(1);
        it.removeWorktree(half, RemoveOptions.whatever());
        assertThat(it.worktrees(remote.cache())).isEmpty();
        it.addWorktree(half, BranchName.of("dying"), MAIN, (task, percent) -> {});
        assertThat(it.in(half).status(MAIN).changed()).isEmpty();
        assertSound(remote.cache());
    }

    @Test
    void who_waits_too_long_for_another_jvm_is_told_whom_it_waited_for_and_others_do_not_wait() throws Exception {
        remote.fetch(new JGitSourceControl());
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        Process other = start("holder", "hang-in-fetch");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(output("holder"))
                        && Files.readString(output("holder")).contains("hanging"));
        SourceControl impatient = new JGitSourceControl(Duration.ofMillis(300), Clock.systemUTC());
        git(remote.cache(), "branch", "--no-track", "x", "origin/main");
        impatient.deleteBranch(remote.cache(), BranchName.of("x"));
        assertThat(git(remote.cache(), "branch", "--list", "x")).isEmpty();
        assertThatThrownBy(() -> remote.fetch(impatient))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("process " + other.pid())
                .hasMessageContaining("fetch of");
        other.destroyForcibly().waitFor();
        remote.fetch(impatient);
        assertThat(impatient
                        .history(remote.cache())
                        .remoteBranch(MAIN)
                        .orElseThrow()
                        .value())
                .isEqualTo(git(remote.origin(), "rev-parse", "main"));
    }

    /** What the other JVM does. */
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws Exception {
            Remote remote = new Remote(Path.of(arguments[0]));
            String name = arguments[1];
            SourceControl it = new JGitSourceControl();
            switch (arguments[2]) {
                case "work" -> work(it, remote, name);
                case "hang-in-checkout" ->
                    it.addWorktree(
                            new Worktree(remote.cache(), remote.folder().resolve(name)),
                            BranchName.of(name),
                            MAIN,
                            (task, percent) -> hang());
                default ->
                    it.fetch(
                            remote.url(),
                            remote.cache(),
                            FetchOptions.defaults().telling((task, percent) -> hang()));
            }
        }

        private static void work(SourceControl it, Remote remote, String name) throws Exception {
            for (int i = 0; i < EACH; i++) {
                remote.fetch(it);
                BranchName branch = BranchName.of(name + "/" + i);
                Worktree worktree = remote.add(it, "work/" + name + i, branch);
                write(worktree.path().resolve(name + i), "x\n");
                it.in(worktree).commit("x", ANN);
                if (!it.push(remote.cache(), branch, PushOptions.defaults()).succeeded()) {
                    throw new IllegalStateException("push");
                }
            }
        }

        private static void hang() {
            System.out.write("hanging\n".getBytes(StandardCharsets.UTF_8), 0, 8);
            System.out.flush();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

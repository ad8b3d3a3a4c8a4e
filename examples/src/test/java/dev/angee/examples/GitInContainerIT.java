package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.agent.AgentContainer;
import dev.angee.agent.AgentHardening;
import dev.angee.agent.AgentImages;
import dev.angee.agent.RepositoryAccess;
import dev.angee.compose.ComposeBackend;
import dev.angee.compose.ComposeSettings;
import dev.angee.git.JGitSourceControl;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.UpOptions;
import dev.angee.source.BranchName;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Git in an agent's container, in a worktree of the host's cache, as far as it is given access. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GitInContainerIT {
    private static final String IMAGE = "angee-git:local";
    private static final List<String> WAITS = List.of("sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done");
    private static final BranchName MAIN = BranchName.of("main");
    private static final BranchName WORK = BranchName.of("workspace/a");

    @TempDir
    Path folder;

    private final SourceControl control = new JGitSourceControl();
    private Path origin;
    private Path cache;
    private Worktree worktree;
    private Worktree others;
    private Backend backend;

    /** Without the image this is skipped at a desk, and fails where it must run. */
    @BeforeEach
    void makeWorktrees() throws Exception {
        folder = folder.toRealPath();
        if (!hasImage()) {
            String problem = "the image " + IMAGE + " is missing: run .ci/test-images.sh";
            if ("true".equals(System.getenv("CI")) || Boolean.getBoolean("require.docker")) {
                Assertions.fail(problem);
            }
            Assumptions.abort(problem);
        }
        Path first = Repositories.small(folder.resolve("first"));
        origin = folder.resolve("origin.git");
        Repositories.git(folder, "clone", "-q", "--bare", first.toString(), origin.toString());
        cache = folder.resolve("cache.git");
        control.fetch(GitUrl.of(origin.toString()), cache, FetchOptions.defaults());
        worktree = new Worktree(cache, folder.resolve("a"));
        others = new Worktree(cache, folder.resolve("b"));
        control.addWorktree(worktree, WORK, MAIN, FetchProgress.none());
        control.addWorktree(others, BranchName.of("workspace/b"), MAIN, FetchProgress.none());
    }

    private static boolean hasImage() throws Exception {
        return new ProcessBuilder("docker", "image", "inspect", IMAGE)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @AfterEach
    void down() throws Exception {
        if (backend != null) {
            backend.down(DownOptions.defaults());
            backend.close();
        }
    }

    @Test
    void with_shared_access_git_works_as_on_the_host() throws Exception {
        start(RepositoryAccess.SHARED);
        assertCircle();
        assertThat(git("config", "user.name", "Agent")).startsWith("0");
        assertThat(git("config", "user.name")).contains("Agent");
    }

    @Test
    void with_guarded_access_git_works_and_neither_configuration_nor_hooks_nor_other_records_can_be_changed()
            throws Exception {
        String config = Files.readString(cache.resolve("config"));
        start(RepositoryAccess.GUARDED);
        assertCircle();
        assertThat(git("config", "core.fsmonitor", "touch /tmp/x")).doesNotStartWith("0");
        assertThat(inside("echo x >>'" + cache + "/config'")).doesNotStartWith("0");
        assertThat(inside("cd '" + cache + "' && cp config new && mv new config"))
                .doesNotStartWith("0");
        assertThat(inside("echo x >'" + cache + "/hooks/post-commit'")).doesNotStartWith("0");
        assertThat(inside("mv '" + cache + "/hooks' '" + cache + "/old'")).doesNotStartWith("0");
        Path record = control.in(others).files().record();
        assertThat(inside("echo 'ref: refs/heads/main' >'" + record + "/HEAD'")).doesNotStartWith("0");
        assertThat(inside("rm -r '" + record + "'")).doesNotStartWith("0");
        Path own = control.in(worktree).files().record();
        assertThat(inside("echo /elsewhere >'" + own + "/commondir'")).doesNotStartWith("0");
        assertThat(inside("echo /elsewhere >'" + own + "/gitdir'")).doesNotStartWith("0");
        String pruned =
                git("worktree", "prune", "--expire=now") + git("gc", "--quiet"); // whatever they say, nothing is lost
        assertThat(Files.readString(cache.resolve("config"))).isEqualTo(config);
        assertThat(control.worktrees(cache)).as(pruned).hasSize(2);
        assertThat(control.in(others).status(MAIN).changed()).isEmpty();
        assertThat(Repositories.git(cache, "fsck", "--full")).doesNotContain("missing");
    }

    @Test
    void with_a_clone_git_works_the_cache_cannot_be_written_and_the_host_takes_what_was_committed() throws Exception {
        start(RepositoryAccess.CLONE);
        Map<String, Long> before = filesOf(cache);
        assertThat(git("status", "--porcelain")).isEqualTo("0\n");
        assertThat(inside("echo hello >new.txt && rm README.md")).startsWith("0");
        assertThat(git("status", "--porcelain", "-uall")).isEqualTo("0\n D README.md\n?? new.txt\n");
        assertThat(git("add", "-A")).startsWith("0");
        assertThat(git("commit", "-q", "-m", "from inside")).startsWith("0");
        assertThat(git("push", "-q", "origin", "HEAD")).startsWith("0");
        assertThat(Repositories.git(origin, "show", WORK + ":new.txt")).isEqualTo("hello\n");
        assertThat(git("config", "user.name", "Agent")).startsWith("0");
        assertThat(git("gc", "--quiet")).startsWith("0");
        assertThat(inside("echo x >'" + cache + "/objects/x'")).doesNotStartWith("0");
        assertThat(inside("ls '" + cache + "'")).isEqualTo("0\nobjects\n");
        assertThat(inside("echo x >.git")).doesNotStartWith("0");
        assertThat(filesOf(cache)).isEqualTo(before);

        assertThat(control.in(worktree).ownClone().take()).isInstanceOf(MergeOutcome.FastForward.class);
        WorktreeStatus status = control.in(worktree).status(MAIN);
        assertThat(status.changed()).isEmpty();
        assertThat(status.ahead()).isEqualTo(1);
        assertThat(Repositories.git(worktree.path(), "status", "--porcelain")).isEmpty();
        assertThat(git("status", "--porcelain")).isEqualTo("0\n");
        control.fetch(GitUrl.of(origin.toString()), cache, FetchOptions.defaults());
        assertThat(control.in(worktree).status(MAIN).pushed()).isTrue();
        assertThat(Repositories.git(cache, "fsck", "--full")).doesNotContain("missing");
    }

    @Test
    void what_the_host_fetches_can_be_merged_in_a_clone_that_is_at_work() throws Exception {
        start(RepositoryAccess.CLONE);
        Path elsewhere = folder.resolve("elsewhere");
        Repositories.git(folder, "clone", "-q", origin.toString(), elsewhere.toString());
        Files.writeString(elsewhere.resolve("theirs.txt"), "theirs\n");
        Repositories.git(elsewhere, "add", "-A");
        Repositories.git(elsewhere, "commit", "-q", "-m", "theirs");
        Repositories.git(elsewhere, "push", "-q", "origin", "HEAD:main");
        control.fetch(GitUrl.of(origin.toString()), cache, FetchOptions.defaults());
        assertThat(git("merge", "-q", "--no-edit", "origin/main")).startsWith("0");
        assertThat(inside("ls theirs.txt")).doesNotStartWith("0");
        control.in(worktree).ownClone().offer();
        assertThat(git("merge", "-q", "--no-edit", "origin/main")).startsWith("0");
        assertThat(inside("cat theirs.txt")).isEqualTo("0\ntheirs\n");
        control.in(worktree).ownClone().take();
        assertThat(control.in(worktree).status(MAIN).behind()).isZero();
        assertThat(control.in(worktree).status(MAIN).changed()).isEmpty();
    }

    private static Map<String, Long> filesOf(Path folder) throws Exception {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
            }
        }
        return found;
    }

    @Test
    void without_access_there_are_the_files_and_no_repository() throws Exception {
        start(RepositoryAccess.NONE);
        assertThat(inside("ls README.md")).startsWith("0");
        assertThat(git("status")).doesNotStartWith("0").contains("not a git repository");
        assertThat(inside("ls '" + cache + "'")).doesNotStartWith("0");
    }

    private void assertCircle() throws Exception {
        assertThat(git("status", "--porcelain")).isEqualTo("0\n");
        assertThat(inside("echo hello >new.txt")).startsWith("0");
        assertThat(git("status", "--porcelain", "-uall")).isEqualTo("0\n?? new.txt\n");
        assertThat(git("add", "new.txt")).startsWith("0");
        assertThat(git("commit", "-q", "-m", "from inside")).startsWith("0");
        assertThat(git("push", "-q", "origin", "HEAD")).startsWith("0");
        assertThat(git("log", "--format=%s", "-1")).isEqualTo("0\nfrom inside\n");
        WorktreeStatus status = control.in(worktree).status(MAIN);
        assertThat(status.changed()).isEmpty();
        assertThat(status.ahead()).isEqualTo(1);
        assertThat(status.branch()).contains(WORK);
        assertThat(Repositories.git(origin, "show", WORK + ":new.txt")).isEqualTo("hello\n");
        control.fetch(GitUrl.of(origin.toString()), cache, FetchOptions.defaults());
        assertThat(control.in(worktree).status(MAIN).pushed()).isTrue();
        assertThat(control.in(others).status(MAIN).changed()).isEmpty();
    }

    private void start(RepositoryAccess access) throws Exception {
        ProjectName project = new ProjectName("git-" + Integer.toHexString(folder.hashCode() & 0xfffff));
        RuntimePlan plan = RuntimePlan.of(
                project,
                folder,
                List.of(AgentContainer.of(
                                "claude", AgentImages.standard(IMAGE).choose("claude", Optional.empty()), WAITS)
                        .worktree(worktree, access, control)
                        .service("agent")
                        .user(Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid"))
                        .mount(new PlannedMount.Bind(origin, origin.toString(), false))
                        .build()));
        backend = ComposeBackend.open(
                project, folder, ComposeSettings.of(System.getenv()).labels(Map.of("dev.angee.test", "1")));
        backend.up(new AgentHardening().apply(plan), UpOptions.defaults());
    }

    private String git(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        return run(command);
    }

    private String inside(String script) throws Exception {
        return run(List.of("sh", "-c", script));
    }

    /** The exit code, and in the lines after it what it said. */
    private String run(List<String> command) throws Exception {
        ExecRequest request = new ExecRequest(
                command,
                Map.of(
                        "GIT_AUTHOR_NAME", "Agent",
                        "GIT_AUTHOR_EMAIL", "agent@example.invalid",
                        "GIT_COMMITTER_NAME", "Agent",
                        "GIT_COMMITTER_EMAIL", "agent@example.invalid"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        try (ExecSession session = backend.exec("agent", request)) {
            session.input().close();
            String said = new String(session.output().readAllBytes(), StandardCharsets.UTF_8)
                    + new String(session.errors().readAllBytes(), StandardCharsets.UTF_8);
            return session.await(Duration.ofMinutes(1)).orElseThrow() + "\n" + said;
        }
    }
}

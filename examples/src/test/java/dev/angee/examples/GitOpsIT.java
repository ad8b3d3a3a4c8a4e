package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import dev.angee.git.JGitSourceControl;
import dev.angee.gitops.Forecast;
import dev.angee.gitops.JointOutcome;
import dev.angee.gitops.LandOptions;
import dev.angee.gitops.LinkChange;
import dev.angee.gitops.LiveTopology;
import dev.angee.gitops.SlotResult.Became;
import dev.angee.gitops.WatchOptions;
import dev.angee.instance.Angee;
import dev.angee.source.Author;
import dev.angee.source.Credentials;
import dev.angee.source.SlotState;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeOperations;
import dev.angee.workspace.WorkspaceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GitOps of several repositories with the real engine, and the real git as judge. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GitOpsIT {
    private static final Author ADA = new Author("Ada", "ada@example.org");
    private static final WatchOptions FOR_LONG = WatchOptions.defaults().trusting(Duration.ofHours(1));

    @TempDir
    Path folder;

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger looks = new AtomicInteger();
    private Path root;
    private Angee angee;

    @BeforeEach
    void open() throws Exception {
        folder = folder.toRealPath();
        root = Files.createDirectories(folder.resolve("instance"));
        for (String name : List.of("app", "lib")) {
            Path repository = Repositories.small(folder.resolve("repository-" + name));
            Repositories.git(folder, "clone", "-q", "--bare", repository.toString(), name + ".git");
            Repositories.git(
                    folder, "clone", "-q", folder.resolve(name + ".git").toString(), "elsewhere-" + name);
        }
        Files.writeString(root.resolve("angee.yaml"), """
                name: it
                sources:
                  app: { kind: git, repo: "%s" }
                  lib: { kind: git, repo: "%s" }
                """.formatted(remote("app"), remote("lib")));
        Path template = Files.createDirectories(root.resolve("templates/workspaces/t"));
        Files.writeString(template.resolve("copier.yml"), """
                _templates_suffix: .ftl
                _angee: { kind: workspace, sources: { app: {}, lib: {} } }
                """);
        angee = Angee.builder(root)
                .sourceControl(counting(new JGitSourceControl()))
                .credentials(remote -> {
                    asked.add(remote.value());
                    return Credentials.none();
                })
                .stateFolder(folder.resolve("state"))
                .build();
    }

    @AfterEach
    void close() {
        angee.close();
    }

    @Test
    void a_landing_is_in_every_remote_or_in_none() throws Exception {
        Path app = create("x", "app");
        Path lib = path("x", "lib");
        Files.writeString(app.resolve("README.md"), "# App\n");
        Files.writeString(lib.resolve("README.md"), "# Lib\n");
        assertThat(angee.gitops().commit("x", "both", ADA).slots()).allMatch(slot -> slot.became() == Became.DONE);
        pushFromElsewhere("lib", "README.md", "# Theirs\n");
        String before = tip("app", "main");
        JointOutcome landing = angee.gitops().land("x", LandOptions.into("main"));
        assertThat(landing.slots())
                .extracting(slot -> slot.became())
                .containsExactly(Became.NOT_TRIED, Became.CONFLICT);
        assertThat(landing.slot("lib").orElseThrow().conflicts()).containsExactly("README.md");
        assertThat(tip("app", "main")).isEqualTo(before);
        assertThat(Repositories.git(remote("app"), "branch", "--list")).doesNotContain("workspace/x");
        Repositories.git(folder.resolve("elsewhere-lib"), "revert", "--no-edit", "HEAD");
        Repositories.git(folder.resolve("elsewhere-lib"), "push", "-q");
        assertThat(angee.gitops()
                        .land("x", LandOptions.into("main"))
                        .throwIfConflicted()
                        .succeeded())
                .isTrue();
        for (String source : List.of("app", "lib")) {
            assertThat(Repositories.git(remote(source), "log", "--format=%s", "-1", "main"))
                    .isEqualTo("Merge branch 'workspace/x' into main\n");
            assertThat(Repositories.git(remote(source), "fsck", "--strict")).doesNotContain("error", "missing");
        }
    }

    @Test
    void what_a_remote_is_shown_is_asked_for_whenever_one_is_reached() throws Exception {
        List<Runnable> works = List.of(
                () -> create("x", "app"),
                () -> angee.gitops().fetch(),
                () -> angee.gitops().push("x"),
                () -> angee.gitops().syncBase("x"));
        for (Runnable work : works) {
            asked.clear();
            work.run();
            assertThat(asked)
                    .containsExactlyInAnyOrder(
                            remote("app").toString(), remote("lib").toString());
        }
    }

    @Test
    void a_landing_that_the_last_remote_rejects_is_taken_out_of_the_first_again() throws Exception {
        Path app = create("x", "app");
        Files.writeString(app.resolve("NEW.md"), "new\n");
        Files.writeString(path("x", "lib").resolve("NEW.md"), "new\n");
        angee.gitops().commit("x", "both", ADA);
        Path lock = Files.createFile(remote("lib").resolve("refs/heads/main.lock"));
        String before = tip("app", "main");
        JointOutcome landing = angee.gitops().land("x", LandOptions.into("main"));
        assertThat(landing.slots()).extracting(slot -> slot.became()).containsExactly(Became.TAKEN_BACK, Became.FAILED);
        assertThat(tip("app", "main")).isEqualTo(before);
        Files.delete(lock);
        assertThat(angee.gitops().land("x", LandOptions.into("main")).succeeded())
                .isTrue();
        assertThat(Repositories.git(remote("app"), "log", "--format=%s", "-1", "main"))
                .startsWith("Merge branch");
    }

    @Test
    void a_sync_that_fails_in_the_last_slot_is_taken_back_in_the_first() throws Exception {
        Path app = create("x", "app");
        Path lib = path("x", "lib");
        pushFromElsewhere("app", "THEIRS.md", "theirs\n");
        pushFromElsewhere("lib", "THEIRS.md", "theirs\n");
        Files.writeString(app.resolve("OWN.md"), "own\n");
        Files.writeString(lib.resolve(".gitignore"), "THEIRS.md\n");
        angee.gitops().commit("x", "own", ADA);
        String before = Repositories.git(app, "rev-parse", "HEAD");
        Files.writeString(lib.resolve("THEIRS.md"), "in the way, and not git's\n");
        JointOutcome sync = angee.gitops().syncBase("x");
        assertThat(sync.slots()).extracting(slot -> slot.became()).containsExactly(Became.TAKEN_BACK, Became.FAILED);
        assertThat(Repositories.git(app, "rev-parse", "HEAD")).isEqualTo(before);
        assertThat(app.resolve("THEIRS.md")).doesNotExist();
        assertThat(Repositories.git(app, "status", "--porcelain")).isEmpty();
        assertThat(lib.resolve("THEIRS.md")).hasContent("in the way, and not git's");
    }

    @Test
    void only_slots_that_have_changed_are_looked_at_again_whatever_the_change() throws Exception {
        Path x = create("x", "app");
        Path y = create("y", "app");
        create("z", "app");
        try (LiveTopology live = angee.gitops().watch(FOR_LONG)) {
            assertLooks(live, 0, "nothing happened");
            Files.writeString(x.resolve("src/Main.java"), "class Main { }\n");
            assertLooks(live, 1, "an edit");
            assertThat(state(live, "x")).isEqualTo(SlotState.DIRTY);
            Repositories.git(x, "checkout", "-q", "--", ".");
            assertThat(state(live, "x")).isEqualTo(SlotState.CLEAN);
            Files.createDirectories(x.resolve("a/b/c"));
            Files.writeString(x.resolve("a/b/c/new.txt"), "new\n");
            assertThat(state(live, "x")).isEqualTo(SlotState.DIRTY);
            MoreFiles.deleteRecursively(x.resolve("a"));
            assertThat(state(live, "x")).isEqualTo(SlotState.CLEAN);
            Repositories.git(y, "rm", "-q", "README.md");
            assertThat(state(live, "y")).isEqualTo(SlotState.DIRTY);
            Repositories.git(y, "commit", "-q", "-m", "by real git");
            looks.set(0);
            assertThat(state(live, "y")).isEqualTo(SlotState.AHEAD);
            assertThat(looks.get()).as("a commit of one").isBetween(1, 2);
            assertLooks(live, 0, "nothing happened since");
            lookUntilTheIndexIsLeftAlone(y);
            live.topology();
            Repositories.git(y, "status");
            assertLooks(live, 0, "somebody else looked");
            angee.gitops().push("y");
            assertThat(live.topology().link("y", "app").orElseThrow().pushed()).isTrue();
            pushFromElsewhere("app", "THEIRS.md", "theirs\n");
            angee.gitops().fetch();
            assertThat(state(live, "x")).isEqualTo(SlotState.BEHIND);
            assertThat(state(live, "y")).isEqualTo(SlotState.DIVERGED);
            Repositories.git(x, "switch", "-q", "-c", "other");
            assertThat(state(live, "x")).isEqualTo(SlotState.BRANCH_MISMATCH);
            Repositories.git(root.resolve("sources/app"), "update-ref", "refs/heads/other", "workspace/y");
            assertThat(live.topology().links())
                    .as("the branch that it is on is moved from elsewhere")
                    .isEqualTo(angee.gitops().topology().links());
            Repositories.git(root.resolve("sources/app"), "pack-refs", "--all", "--prune");
            assertThat(live.topology()).isEqualTo(angee.gitops().topology());
            angee.gitops().land("z", LandOptions.into("main"));
            assertThat(live.topology()).isEqualTo(angee.gitops().topology());
        }
    }

    /** Whatever is done, and in whatever order: what is kept is what a new look finds. */
    @Test
    void what_is_kept_is_what_is_there_after_every_step_of_a_random_walk() throws Exception {
        List<Path> worktrees = List.of(create("x", "app"), create("y", "app"), create("z", "app"));
        Random random = new Random(6);
        try (LiveTopology live = angee.gitops().watch(FOR_LONG)) {
            for (int step = 0; step < 120; step++) {
                Path worktree = worktrees.get(random.nextInt(worktrees.size()));
                String did = step(random, worktree);
                assertThat(live.topology().links())
                        .as("step " + step + ": " + did + " in " + worktree)
                        .isEqualTo(angee.gitops().topology().links());
            }
        }
    }

    private String step(Random random, Path worktree) throws Exception {
        Path file = worktree.resolve("d" + random.nextInt(3)).resolve("f" + random.nextInt(3));
        return switch (random.nextInt(9)) {
            case 0, 1 -> {
                Files.createDirectories(file.getParent());
                Files.writeString(file, random.nextInt(4) + "\n");
                yield "edit";
            }
            case 2 -> {
                Files.deleteIfExists(file);
                yield "delete";
            }
            case 3 -> {
                if (Files.exists(file.getParent())) {
                    MoreFiles.deleteRecursively(file.getParent());
                }
                yield "delete folder";
            }
            case 4 -> {
                Repositories.git(worktree, "add", "-A");
                Repositories.git(worktree, "commit", "-q", "--allow-empty", "-m", "step");
                yield "commit";
            }
            case 5 -> {
                Repositories.git(worktree, "reset", "-q", "--hard", "origin/main");
                yield "reset";
            }
            case 6 -> {
                pushFromElsewhere("app", "s" + random.nextInt(100), random.nextInt() + "\n");
                angee.gitops().fetch();
                yield "fetch";
            }
            case 7 -> {
                Repositories.git(worktree, "pack-refs", "--all", "--prune");
                yield "pack refs";
            }
            default -> {
                Path from = worktree.resolve("d" + random.nextInt(3));
                if (Files.exists(from)) {
                    Files.move(from, worktree.resolve("m" + random.nextInt(1000)));
                }
                yield "move folder";
            }
        };
    }

    @Test
    void a_change_is_told_to_who_waits_for_it() throws Exception {
        Path x = create("x", "app");
        try (LiveTopology live = angee.gitops().watch(FOR_LONG)) {
            Thread editor = new Thread(() -> {
                try {
                    Files.writeString(x.resolve("NEW.md"), "new\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            editor.start();
            List<LinkChange> changes = live.next(Duration.ofSeconds(30));
            editor.join();
            assertThat(changes).singleElement().satisfies(change -> {
                assertThat(change.id()).isEqualTo("x:app");
                assertThat(change.after().orElseThrow().state()).isEqualTo(SlotState.DIRTY);
            });
        }
    }

    @Test
    void a_forecast_is_what_real_git_does() throws Exception {
        Random random = new Random(11);
        List<String> names = List.of("p", "q", "r", "s", "t");
        for (String name : names) {
            Path worktree = create(name, "app");
            for (int i = random.nextInt(4); i >= 0; i--) {
                Files.writeString(worktree.resolve("f" + random.nextInt(4)), "line " + random.nextInt(3) + "\n");
            }
            angee.gitops().commit(name, "work of " + name, ADA);
        }
        Forecast forecast = angee.gitops().forecast();
        assertThat(forecast.pairs().stream().filter(Forecast.Pair::conflicts)).isNotEmpty();
        assertThat(forecast.pairs().stream().filter(pair -> !pair.conflicts())).isNotEmpty();
        int appPairs = 0;
        for (Forecast.Pair pair : forecast.pairs()) {
            if (pair.first().slot().equals("app")) {
                appPairs++;
                assertThat(pair.preview().orElseThrow().conflicts())
                        .as(pair.toString())
                        .isEqualTo(conflictsOfRealGit(
                                pair.first().workspace(), pair.second().workspace()));
            }
        }
        assertThat(appPairs).isEqualTo(10);
        for (String name : names) {
            assertThat(Repositories.git(path(name, "app"), "status", "--porcelain"))
                    .isEmpty();
        }
        Became first = angee.gitops()
                .land(forecast.order().get(0), LandOptions.into("main"))
                .slot("app")
                .orElseThrow()
                .became();
        assertThat(first).isEqualTo(Became.DONE);
    }

    /** In a clone of its own. */
    private List<String> conflictsOfRealGit(String one, String other) throws Exception {
        Path clone = folder.resolve("clone-" + one + "-" + other);
        Repositories.git(
                folder,
                "clone",
                "-q",
                "-b",
                "workspace/" + one,
                root.resolve("sources/app").toString(),
                clone.toString());
        try {
            Repositories.git(clone, "merge", "-q", "--no-edit", "origin/workspace/" + other);
        } catch (AssertionError e) {
            return Repositories.git(clone, "diff", "--name-only", "--diff-filter=U")
                    .lines()
                    .toList();
        }
        return List.of();
    }

    /**
     * Git writes the index for what it has found out, and again with each look for as long as a file is not older, by whole
     * seconds, than the index (git's technical notes, racy-git).
     */
    private static void lookUntilTheIndexIsLeftAlone(Path worktree) throws Exception {
        Path index = Path.of(Repositories.git(worktree, "rev-parse", "--path-format=absolute", "--git-path", "index")
                .strip());
        Object before;
        do {
            before = Files.readAttributes(index, BasicFileAttributes.class).fileKey();
            TimeUnit.MILLISECONDS.sleep(100);
            Repositories.git(worktree, "status");
        } while (!before.equals(
                Files.readAttributes(index, BasicFileAttributes.class).fileKey()));
    }

    private void assertLooks(LiveTopology live, int expected, String why) {
        looks.set(0);
        live.topology();
        assertThat(looks.get()).as(why).isEqualTo(expected);
    }

    private static SlotState state(LiveTopology live, String workspace) {
        return live.topology().link(workspace, "app").orElseThrow().state();
    }

    private Path create(String workspace, String slot) {
        angee.workspaces().create(WorkspaceRequest.named(workspace).template("t"));
        return path(workspace, slot);
    }

    private Path path(String workspace, String slot) {
        return angee.workspaces().get(workspace).slot(slot).worktree().path();
    }

    private Path remote(String source) {
        return folder.resolve(source + ".git");
    }

    private String tip(String source, String branch) throws Exception {
        return Repositories.git(remote(source), "rev-parse", branch);
    }

    private void pushFromElsewhere(String source, String file, String content) throws Exception {
        Path elsewhere = folder.resolve("elsewhere-" + source);
        Repositories.git(elsewhere, "pull", "-q", "--ff-only");
        Files.writeString(elsewhere.resolve(file), content);
        Repositories.commit(elsewhere, "theirs");
        Repositories.git(elsewhere, "push", "-q", "origin", "main");
    }

    /** The same, counting how often a worktree's status is read. */
    private SourceControl counting(SourceControl control) {
        return proxy(SourceControl.class, control, false);
    }

    private <T> T proxy(Class<T> type, T target, boolean worktree) {
        Object made =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (worktree && method.getName().equals("status")) {
                        looks.incrementAndGet();
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        return result instanceof WorktreeOperations operations
                                ? proxy(WorktreeOperations.class, operations, true)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(made);
    }
}

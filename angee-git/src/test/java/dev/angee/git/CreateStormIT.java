package dev.angee.git;

import static dev.angee.git.RealGit.assertSound;
import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.source.BranchName;
import dev.angee.source.FetchProgress;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 64 worktrees of one cache are made at once, by 4 JVMs with 16 threads each. The long form:
 * {@code -Dgit.storm.rounds=20}.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CreateStormIT {
    private static final int ROUNDS = Integer.getInteger("git.storm.rounds", 1);
    private static final int JVMS = 4;
    private static final int THREADS = 16;
    private static final long SEED = 20261128;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private Remote remote;

    static List<String> engines() {
        return Engines.names();
    }

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        for (int i = 0; i < 100; i++) {
            write(remote.others().resolve("d" + i % 10).resolve("f" + i), "text " + i + "\n");
        }
        remote.commitAll();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void all_are_made_none_fails_and_no_branch_is_left_without_its_worktree(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        remote.fetch(control);
        for (int round = 0; round < ROUNDS; round++) {
            Set<String> wanted = names(round);
            List<Process> all = start(engine, round);
            go(round);
            for (Process each : all) {
                assertThat(each.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            assertThat(said(round)).as("round " + round).containsExactlyInAnyOrderElementsOf(wanted);
            assertMade(control, wanted);
            clear(control, wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void where_one_of_the_jvms_is_killed_the_others_lose_nothing_and_what_it_left_half_made_can_be_made_again(
            String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        remote.fetch(control);
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Set<String> wanted = names(round);
            List<Process> all = start(engine, round);
            int victim = random.nextInt(JVMS);
            int after = random.nextInt(THREADS);
            int now = round;
            go(round);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> lines(now, victim).size() > after
                            || !all.get(victim).isAlive());
            all.get(victim).destroyForcibly(); // not what it runs: that goes on
            for (Process each : all) {
                assertThat(each.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            Set<String> others = wanted.stream()
                    .filter(name -> !name.startsWith(jvm(now, victim) + "-"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(said(round)).as("round " + round).containsAll(others).noneMatch(line -> line.startsWith("!"));
            // recovery: what is half there is removed, and made again
            for (String name : wanted) {
                if (!others.contains(name)) {
                    control.removeWorktree(CreateStorm.worktree(remote, name), RemoveOptions.whatever());
                    control.addWorktree(
                            CreateStorm.worktree(remote, name),
                            CreateStorm.branch(name),
                            Remote.MAIN,
                            FetchProgress.none());
                }
            }
            assertMade(control, wanted);
            clear(control, wanted);
        }
    }

    private void assertMade(SourceControl control, Set<String> wanted) throws Exception {
        assertThat(control.worktrees(remote.cache()).stream()
                        .map(WorktreeRecord::path)
                        .map(path -> path.getFileName().toString()))
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(git(remote.cache(), "for-each-ref", "--format=%(refname:short)", "refs/heads")
                        .lines()
                        .map(name -> name.replaceFirst("workspace/", "")))
                .containsExactlyInAnyOrderElementsOf(wanted);
        for (String name : wanted) {
            Path worktree = CreateStorm.worktree(remote, name).path();
            assertThat(git(worktree, "status", "--porcelain", "--branch", "-uall"))
                    .isEqualTo("## workspace/" + name);
        }
        assertSound(remote.cache());
        assertThat(RealGit.namesIn(remote.cache())).noneMatch(name -> name.startsWith("angee-new"));
    }

    private void clear(SourceControl control, Set<String> names) throws Exception {
        for (String name : names) {
            control.removeWorktree(CreateStorm.worktree(remote, name), RemoveOptions.whatever());
            control.deleteBranch(remote.cache(), BranchName.of("workspace/" + name));
        }
        assertThat(git(remote.cache(), "for-each-ref", "refs/heads")).isEmpty();
        Files.delete(remote.folder().resolve("go"));
    }

    private List<Process> start(String engine, int round) throws Exception {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < JVMS; i++) {
            all.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CreateStorm.class.getName(),
                            engine,
                            remote.folder().toString(),
                            jvm(round, i),
                            Integer.toString(THREADS))
                    .redirectErrorStream(true)
                    .redirectOutput(output(round, i).toFile())
                    .start());
        }
        await().atMost(PATIENCE).until(() -> areReady(round));
        return all;
    }

    private boolean areReady(int round) throws IOException {
        for (int i = 0; i < JVMS; i++) {
            if (!Files.readString(output(round, i)).startsWith("ready\n")) {
                return false;
            }
        }
        return true;
    }

    private void go(int round) throws IOException {
        Files.writeString(remote.folder().resolve("go"), Integer.toString(round));
    }

    private List<String> said(int round) throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < JVMS; i++) {
            all.addAll(lines(round, i));
        }
        return all;
    }

    private List<String> lines(int round, int jvm) throws IOException {
        return Files.readString(output(round, jvm))
                .lines()
                .filter(line -> !line.equals("ready"))
                .toList();
    }

    private Path output(int round, int jvm) {
        return remote.folder().resolve("output-" + jvm(round, jvm));
    }

    private static String jvm(int round, int jvm) {
        return "r" + round + "j" + jvm;
    }

    private static Set<String> names(int round) {
        return IntStream.range(0, JVMS)
                .boxed()
                .flatMap(jvm -> IntStream.range(0, THREADS).mapToObj(i -> jvm(round, jvm) + "-" + i))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

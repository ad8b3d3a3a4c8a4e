package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, and what happens when it is not left in peace. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class QuickstartIT {
    private static final Pattern ROOT = Pattern.compile("--clean (\\S+)");

    @TempDir
    Path folder;

    private Path state;
    private Path repository;

    @BeforeEach
    void makeRepository() throws Exception {
        folder = folder.toRealPath();
        state = Files.createDirectories(folder.resolve("state"));
        repository = Repositories.small(folder.resolve("small"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(processes()).isEmpty();
        try (Stream<Path> left = Files.list(state)) {
            assertThat(left.filter(each -> each.getFileName().toString().startsWith("angee-quickstart")))
                    .isEmpty();
        }
        Path leases = state.resolve("angee/ports.json");
        if (Files.exists(leases)) {
            assertThat(Files.readString(leases)).doesNotContain("\"port\"");
        }
    }

    @Test
    void the_circle_closes_on_the_repository_around_the_working_directory() throws Exception {
        try (RunningProgram quickstart = start(repository.resolve("src"))) {
            assertThat(quickstart.exitCode()).as(quickstart.output()).isZero();
            assertThat(quickstart.output())
                    .contains("topology before", "topology after", "answers as feat-x", "answers as feat-y")
                    .contains("job check: exit 1", "edited README.md", "job check: exit 0", "merged into main")
                    .contains("README.md of feat-y shows the change too")
                    .containsPattern("feat-y +app +workspace/feat-y +clean +0 +0")
                    .contains("no process, port, lease or worktree is left")
                    .doesNotContain("\u001b");
        }
        assertThat(Repositories.git(repository, "branch", "-a")).isEqualTo("* main\n");
        assertThat(Repositories.git(repository, "status", "--porcelain")).isEmpty();
    }

    @Test
    void a_foreign_repository_of_more_than_a_thousand_files_works() throws Exception {
        Path foreign = Repositories.foreign(folder.resolve("foreign"), ImmutableList.class);
        assertThat(Repositories.git(foreign, "ls-files").lines().count()).isGreaterThan(1000);
        try (RunningProgram quickstart = start(folder, "--repo", foreign.toString())) {
            assertThat(quickstart.exitCode()).as(quickstart.output()).isZero();
            assertThat(quickstart.output()).contains("merged into trunk");
        }
    }

    @Test
    void no_git_program_is_needed() throws Exception {
        Path programs = Files.createDirectories(folder.resolve("bin"));
        for (String each : List.of("sh", "setsid", "env")) {
            Files.createSymbolicLink(programs.resolve(each), Path.of("/usr/bin", each));
        }
        Map<String, String> environment = Map.of("XDG_STATE_HOME", state.toString(), "PATH", programs.toString());
        try (RunningProgram quickstart = RunningProgram.start(Quickstart.class, repository, environment, state)) {
            assertThat(quickstart.exitCode()).as(quickstart.output()).isZero();
        }
    }

    @Test
    void a_shallow_clone_is_enough() throws Exception {
        Repositories.git(folder, "clone", "-q", "--depth", "1", "file://" + repository, "shallow");
        try (RunningProgram quickstart =
                start(folder, "--repo", folder.resolve("shallow").toString())) {
            assertThat(quickstart.exitCode()).as(quickstart.output()).isZero();
        }
    }

    @Test
    void where_there_is_no_repository_it_explains_what_to_do() throws Exception {
        Path unpacked = Files.createDirectories(folder.resolve("unpacked"));
        try (RunningProgram quickstart = start(unpacked)) {
            assertThat(quickstart.exitCode()).isEqualTo(2);
            assertThat(quickstart.output()).contains("no git repository", "--repo PATH_OR_URL");
        }
    }

    @Test
    void a_kill_in_the_middle_of_starting_is_cleaned_up_by_the_next_run() throws Exception {
        Path root;
        try (RunningProgram quickstart = start(repository)) {
            quickstart.awaitLine("waiting until it is healthy").kill();
            root = root(quickstart);
        }
        assertThat(processes()).as("services outlive whoever started them").isNotEmpty();
        assertThat(Repositories.git(root.resolve("sources/app"), "worktree", "list"))
                .contains("workspaces/feat-x");
        clean(root);
    }

    @Test
    void a_kill_in_the_middle_of_cutting_a_workspace_is_cleaned_up_by_the_next_run() throws Exception {
        try (RunningProgram quickstart = start(repository)) {
            quickstart.awaitLine("port web").kill();
            clean(root(quickstart));
        }
    }

    @Test
    void clean_leaves_a_root_alone_that_no_quickstart_made() throws Exception {
        Path real = Files.createDirectories(folder.resolve("real"));
        Files.writeString(real.resolve("angee.yaml"), "name: real\n");
        try (RunningProgram clean = start(folder, "--clean", real.toString())) {
            assertThat(clean.exitCode()).isEqualTo(2);
            assertThat(clean.output()).contains("was not made by a quickstart");
        }
        assertThat(real.resolve("angee.yaml")).hasContent("name: real");
    }

    @Test
    void ctrl_c_takes_everything_down() throws Exception {
        try (RunningProgram quickstart = start(repository)) {
            quickstart.awaitLine("web starting").interrupt();
            assertThat(quickstart.exitCode()).as(quickstart.output()).isEqualTo(130);
            assertThat(quickstart.output()).contains("no process, port, lease or worktree is left");
        }
    }

    @Test
    void two_at_once_do_not_disturb_each_other() throws Exception {
        try (RunningProgram one = start(repository);
                RunningProgram two = start(repository)) {
            assertThat(one.exitCode()).as(one.output()).isZero();
            assertThat(two.exitCode()).as(two.output()).isZero();
        }
    }

    private void clean(Path root) throws Exception {
        try (RunningProgram clean = start(folder, "--clean", root.toString())) {
            assertThat(clean.exitCode()).as(clean.output()).isZero();
            assertThat(clean.output()).contains("no process, port, lease or worktree is left");
        }
        assertThat(root).doesNotExist();
    }

    private RunningProgram start(Path workingDirectory, String... arguments) throws IOException {
        return RunningProgram.start(Quickstart.class, workingDirectory, state, arguments);
    }

    private static Path root(RunningProgram quickstart) {
        Matcher root = ROOT.matcher(quickstart.output());
        assertThat(root.find()).as(quickstart.output()).isTrue();
        return Path.of(root.group(1));
    }

    /** Processes that serve out of one of our instances. */
    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(state + "/angee-quickstart"))
                .toList();
    }
}

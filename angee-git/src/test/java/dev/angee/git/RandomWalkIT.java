package dev.angee.git;

import static dev.angee.git.RealGit.assertSound;
import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.Credentials;
import dev.angee.source.FetchProgress;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeRecord;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is done in whichever order, after each step real git says of the cache and its worktrees what we say. The long
 * form: {@code -Dgit.walk.steps=2000}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RandomWalkIT {
    private static final int STEPS = Integer.getInteger("git.walk.steps", 200);
    private static final int WORKTREES = 6;
    private static final int FILES = 3;
    private static final long SEED = 20261128;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> done = new TreeMap<>();
    private Remote remote;
    private SourceControl control;
    private int clock;
    private int conflicts;

    static List<String> engines() {
        return Engines.names();
    }

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        for (int i = 0; i < FILES; i++) {
            write(remote.others().resolve(file(i)), text());
        }
        remote.commitAll();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void real_git_agrees_after_every_step(String engine) throws Exception {
        control = Engines.of(engine);
        remote.fetch(control);
        for (int step = 0; step < STEPS; step++) {
            String what = step();
            done.merge(what, 1, Integer::sum);
            String as = engine + ", seed " + SEED + ", step " + step + ": " + what;
            assertAgreement(as);
        }
        System.out.println(engine + ": " + done);
        assertThat(done.keySet())
                .as("what was done at all")
                .contains("added", "removed", "committed", "merged", "rebased", "pushed", "landed", "kept a conflict")
                .contains("resumed", "aborted", "rewound");
    }

    private String step() throws Exception {
        int index = random.nextInt(WORKTREES);
        Worktree worktree = new Worktree(remote.cache(), remote.folder().resolve("w" + index));
        BranchName branch = BranchName.of("workspace/w" + index);
        if (!Files.exists(worktree.path())) {
            control.addWorktree(worktree, branch, MAIN, FetchProgress.none());
            return "added";
        }
        WorktreeOperations in = control.in(worktree);
        if (in.status(MAIN).unfinished() != Unfinished.NOTHING) {
            return unfinished(worktree, in);
        }
        try {
            return step(worktree, branch, in);
        } catch (AngeeException e) {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.CONFLICT);
            return "refused";
        }
    }

    private String step(Worktree worktree, BranchName branch, WorktreeOperations in) throws Exception {
        int what = random.nextInt(20);
        if (what >= 6 && what <= 11) { // most of these want a clean worktree
            Object unused = in.commit("before step " + clock++, ANN);
        }
        switch (what) {
            case 0, 1, 2 -> {
                edit(worktree.path());
                return "edited";
            }
            case 3, 4, 5 -> {
                return in.commit("step " + clock++, ANN).isPresent() ? "committed" : "had nothing to commit";
            }
            case 6 -> {
                return told("merged", in.merge(Revision.of(MAIN), MergeOptions.by(ANN)));
            }
            case 7 -> {
                return told(
                        "merged",
                        in.merge(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()));
            }
            case 8 -> {
                return told("rebased", in.rebase(Revision.of(MAIN), MergeOptions.by(ANN)));
            }
            case 9 -> {
                return told(
                        "rebased",
                        in.rebase(Revision.of(MAIN), MergeOptions.by(ANN).keepingConflicts()));
            }
            case 10 -> {
                return control.push(remote.cache(), branch, PushOptions.defaults())
                                .succeeded()
                        ? "pushed"
                        : "rejected";
            }
            case 11, 13 -> {
                remote.fetch(control);
                Object unused = in.merge(Revision.of(MAIN), MergeOptions.by(ANN));
                edit(worktree.path());
                Object unusedToo = in.commit("to land " + clock++, ANN);
                return told("landed", control.land(remote.cache(), branch, MAIN, ANN, Credentials.none()));
            }
            case 12, 15, 16, 17, 18 -> {
                git(remote.others(), "pull", "-q", "--rebase", "origin", "main");
                edit(remote.others());
                git(remote.others(), "add", "-A");
                git(remote.others(), "commit", "-q", "--allow-empty", "-m", "others " + clock++);
                git(remote.others(), "push", "-q", "origin", "main");
                remote.fetch(control);
                return "fetched";
            }
            case 14 -> {
                WorktreeStatus status = in.status(MAIN);
                in.rewind(
                        status.head(),
                        control.history(remote.cache()).remoteBranch(MAIN).orElseThrow());
                return "rewound";
            }
            default -> {
                control.removeWorktree(worktree, RemoveOptions.whatever());
                if (random.nextBoolean()) {
                    control.deleteBranch(remote.cache(), branch);
                }
                return "removed";
            }
        }
    }

    private static String told(String word, MergeOutcome outcome) {
        if (outcome instanceof MergeOutcome.Conflicted) {
            return "conflicted";
        }
        return outcome instanceof MergeOutcome.UpToDate ? "was up to date" : word;
    }

    private String unfinished(Worktree worktree, WorktreeOperations in) throws Exception {
        done.merge("kept a conflict", 1, Integer::sum);
        if (conflicts++ % 2 == 1) {
            in.abort();
            return "aborted";
        }
        for (String file : git(worktree.path(), "diff", "--name-only", "--diff-filter=U", "-z")
                .split("\0", -1)) {
            if (!file.isEmpty()) {
                write(worktree.path().resolve(file), text());
            }
        }
        return in.resume(ANN) instanceof MergeOutcome.Conflicted ? "conflicted again" : "resumed";
    }

    private void edit(Path place) throws IOException {
        Path file = place.resolve(file(random.nextInt(FILES)));
        switch (random.nextInt(9)) {
            case 0 -> Files.deleteIfExists(file);
            case 1 -> {
                Path other = place.resolve(file(random.nextInt(FILES)) + "-moved");
                if (Files.exists(file)) {
                    Files.createDirectories(other.getParent());
                    Files.move(file, other, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
            case 2 -> {
                if (Files.exists(file)) {
                    boolean unused = file.toFile().setExecutable(random.nextBoolean());
                }
            }
            default -> write(file, text());
        }
    }

    private String file(int number) {
        return "d" + number % 3 + "/file " + number + ".txt";
    }

    /** Lines of which some stay the same, so that there is something to merge. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 12; line++) {
            text.append("line ")
                    .append(line)
                    .append(random.nextInt(3) == 0 ? " changed " + clock++ : "")
                    .append('\n');
        }
        return text.toString();
    }

    private void assertAgreement(String as) throws Exception {
        assertSound(remote.cache());
        List<WorktreeRecord> records = control.worktrees(remote.cache());
        assertThat(git(remote.cache(), "worktree", "list", "--porcelain")
                        .lines()
                        .filter(line -> line.startsWith("worktree "))
                        .skip(1))
                .as(as)
                .containsExactlyInAnyOrderElementsOf(
                        records.stream().map(each -> "worktree " + each.path()).toList());
        for (WorktreeRecord each : records) {
            assertAgreement(as + ", in " + each.path().getFileName(), each.path());
        }
    }

    private void assertAgreement(String as, Path path) throws Exception {
        WorktreeStatus ours = control.in(new Worktree(remote.cache(), path)).status(MAIN);
        assertThat(ours.head().value()).as(as).isEqualTo(git(path, "rev-parse", "HEAD"));
        assertThat(ours.branch().map(BranchName::value).orElse(""))
                .as(as)
                .isEqualTo(git(path, "branch", "--show-current"));
        assertThat(ours.behind() + "\t" + ours.ahead())
                .as(as)
                .isEqualTo(git(path, "rev-list", "--left-right", "--count", "refs/remotes/origin/main...HEAD"));
        assertThat(ours.changed()).as(as).containsExactlyInAnyOrderElementsOf(changed(path));
        Path record = Path.of(git(path, "rev-parse", "--absolute-git-dir"));
        Unfinished theirs = Files.exists(record.resolve("MERGE_HEAD"))
                ? Unfinished.MERGE
                : Files.exists(record.resolve("rebase-merge")) ? Unfinished.REBASE : Unfinished.NOTHING;
        assertThat(ours.unfinished()).as(as).isEqualTo(theirs);
        assertThat(control.in(new Worktree(remote.cache(), path)).findings(MAIN))
                .as(as)
                .isNotNull();
    }

    private static List<String> changed(Path path) throws IOException, InterruptedException {
        String[] all = git(path, "status", "--porcelain", "-uall", "--no-renames", "-z")
                .split("\0", -1);
        return Stream.of(all)
                .flatMap(line -> line.length() > 3 ? Arrays.stream(new String[] {line.substring(3)}) : Stream.empty())
                .toList();
    }
}

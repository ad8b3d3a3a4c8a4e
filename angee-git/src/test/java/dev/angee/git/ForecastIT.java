package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.MergePreview;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo.Ability;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a merge is said to come to is what it comes to: on random pairs of branches that edit, rename, move and delete files. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ForecastIT {
    private static final int PAIRS = Integer.getInteger("git.forecast.pairs", 200);
    private static final int FILES = 10;
    private static final int LINES = 30;
    private static final long SEED = 20261128;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    static List<String> engines() {
        return Engines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_forecast_is_what_the_merge_then_does(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        boolean followsRenames = control.describe().abilities().contains(Ability.RENAMES_IN_MERGES);
        Remote remote = Remote.in(folder);
        for (int i = 0; i < FILES; i++) {
            write(remote.others().resolve(file(i)), text(i));
        }
        remote.commitAll();
        remote.fetch(control);
        Worktree worktree = remote.add(control, "w", BranchName.of("w"));
        WorktreeOperations in = control.in(worktree);
        CommitId base = in.status(MAIN).head();
        Map<String, Integer> seen = new TreeMap<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            String as = engine + ", seed " + SEED + ", pair " + pair;
            CommitId one = side(in, worktree.path(), base);
            CommitId other = side(in, worktree.path(), base);
            git(remote.cache(), "update-ref", "refs/remotes/origin/other", other.value());
            in.rewind(in.status(MAIN).head(), one);
            String before = git(remote.cache(), "count-objects", "-v");

            MergePreview preview = control.history(remote.cache()).preview(one, other);

            assertThat(git(remote.cache(), "count-objects", "-v"))
                    .as(as + ": looking writes nothing")
                    .isEqualTo(before);
            MergeOutcome outcome = in.merge(Revision.of("origin/other"), MergeOptions.by(ANN));
            if (outcome instanceof MergeOutcome.Conflicted conflict) {
                assertThat(preview.conflicts())
                        .as(as)
                        .isEqualTo(conflict.files())
                        .isNotEmpty();
                assertThat(in.status(MAIN).head()).as(as).isEqualTo(one);
                seen.merge("conflicts", 1, Integer::sum);
            } else {
                assertThat(preview.conflicts()).as(as).isEmpty();
                boolean changed = !git(worktree.path(), "diff", "--name-only", one.value(), "HEAD")
                        .isEmpty();
                assertThat(preview.changes()).as(as).isEqualTo(changed);
                seen.merge("merges", 1, Integer::sum);
            }
            if (followsRenames) {
                assertThat(preview.isClean()).as(as).isEqualTo(plainGitMerges(remote, one, other));
            }
        }
        System.out.println(engine + ": " + seen);
        assertThat(seen).as("both are seen").containsOnlyKeys("conflicts", "merges");
    }

    private boolean plainGitMerges(Remote remote, CommitId one, CommitId other) throws Exception {
        Path clone = remote.folder().resolve("plain");
        if (!Files.exists(clone)) {
            git(
                    remote.folder(),
                    "clone",
                    "-q",
                    "--shared",
                    "--no-checkout",
                    remote.cache().toString(),
                    clone.toString());
        }
        git(clone, "checkout", "-q", "--detach", "-f", one.value());
        Process merge = new ProcessBuilder(
                        "git",
                        "-c",
                        "user.name=x",
                        "-c",
                        "user.email=x@example.invalid",
                        "merge",
                        "-q",
                        "--no-edit",
                        other.value())
                .directory(clone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean merged = merge.waitFor() == 0;
        if (!merged) {
            git(clone, "merge", "--abort");
        }
        return merged;
    }

    /** A commit on the base, made by some changes. */
    private CommitId side(WorktreeOperations in, Path place, CommitId base) throws Exception {
        in.rewind(in.status(MAIN).head(), base);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            change(place);
        }
        return in.commit("side", ANN).orElse(base);
    }

    private void change(Path place) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path file = place.resolve(file(i));
            if (Files.exists(file)) {
                files.add(file);
            }
        }
        if (files.isEmpty()) {
            return;
        }
        Path file = files.get(random.nextInt(files.size()));
        switch (random.nextInt(8)) {
            case 0 -> Files.delete(file);
            case 1, 2 -> {
                Path to = place.resolve("moved" + random.nextInt(3))
                        .resolve(file.getFileName().toString());
                Files.createDirectories(to.getParent());
                Files.move(file, to, StandardCopyOption.REPLACE_EXISTING);
                if (random.nextBoolean()) {
                    edit(to);
                }
            }
            case 3 -> Files.writeString(place.resolve("new" + random.nextInt(3)), "new " + random.nextInt(2) + "\n");
            default -> edit(file);
        }
    }

    private void edit(Path file) throws IOException {
        List<String> lines =
                new ArrayList<>(Arrays.asList(Files.readString(file).split("\n", -1)));
        lines.set(random.nextInt(lines.size()), "edited " + random.nextInt(1000));
        Files.writeString(file, String.join("\n", lines));
    }

    private static String file(int number) {
        return "d" + number % 3 + "/f" + number + ".txt";
    }

    private static String text(int number) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < LINES; line++) {
            text.append("file ").append(number).append(" line ").append(line).append('\n');
        }
        return text.toString();
    }
}

package dev.angee.benchmarks;

import dev.angee.git.GitSourceControl;
import dev.angee.git.JGitSourceControl;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Distance;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.Previews;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Worktrees beside the {@code git} program, in the same run and in turn, on one cache: making them, their status, a merge, the
 * forecast of twelve, the status of many, and how far a branch is from another. Both of our engines: with the {@code git} program, and without it.
 *
 * <p>What makes it fair, and where it is not: the program is a process a call, as its users run it, and is told what ours is (no
 * hooks, no file system monitor). Ours holds its locks and makes sure that nothing of a worktree is run; it is called in a JVM that is
 * warm. Removing what was made is not timed.
 *
 * <p>The arguments are the number of rounds, and what to measure, each with the number of files: {@code 5 create:1000
 * status:20000 merge:1000 forecast:1000 topology:1000:50 aheadbehind:1000:500
 * clashes:1000:12}. Folders are made under {@code git.base}, or the usual place for temporary
 * files; the results of an ext4 that has just removed many files say more about that than about git.
 */
public final class Worktrees {
    private static final BranchName MAIN = BranchName.of("main");
    private static final Author AUTHOR = new Author("Bench", "bench@example.invalid");

    private final Path base;
    private final int rounds;
    private final Map<String, SourceControl> engines = new LinkedHashMap<>();
    private int made;

    private Worktrees(Path base, int rounds) {
        this.base = base;
        this.rounds = rounds;
        engines.put("ours, with git", new GitSourceControl(System.getenv()));
        engines.put("ours, without git", new JGitSourceControl());
    }

    /** Runs what is asked for. */
    public static void main(String[] args) throws Exception {
        Path base = Files.createTempDirectory(
                        Path.of(System.getProperty("git.base", System.getProperty("java.io.tmpdir"))),
                        "angee-worktrees")
                .toRealPath();
        try {
            Worktrees worktrees = new Worktrees(base, Integer.parseInt(args[0]));
            for (String each : List.of(args).subList(1, args.length)) {
                String[] parts = each.split(":", -1);
                int files = Integer.parseInt(parts[1]);
                System.out.println("\n" + each + ", load "
                        + Files.readString(Path.of("/proc/loadavg")).strip());
                worktrees.measure(parts[0], files, parts.length > 2 ? Integer.parseInt(parts[2]) : 12);
            }
        } finally {
            Rounds.clear(base);
        }
    }

    private void measure(String what, int files, int many) throws Exception {
        BenchRepository repository = new BenchRepository(base.resolve(Integer.toString(made++)), files);
        try {
            engines.values()
                    .iterator()
                    .next()
                    .fetch(GitUrl.of(repository.origin().toString()), repository.cache(), FetchOptions.defaults());
            switch (what) {
                case "create" -> create(repository);
                case "status" -> status(repository);
                case "merge" -> merge(repository);
                case "forecast" -> forecast(repository, many, false);
                case "clashes" -> forecast(repository, many, true);
                case "topology" -> topology(repository, many);
                case "aheadbehind" -> aheadBehind(repository, many);
                default -> throw new IllegalArgumentException("nothing is known of " + what);
            }
        } finally {
            Rounds.clear(repository.folder());
        }
    }

    private void create(BenchRepository repository) throws Exception {
        Map<String, Series> series = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String who : inTurn(round)) {
                String name = "c" + made++;
                Path path = repository.folder().resolve(name);
                Worktree worktree = new Worktree(repository.cache(), path);
                double time = who.equals("git")
                        ? Pairs.millis(() -> repository.git(
                                repository.cache(),
                                "worktree",
                                "add",
                                "-q",
                                "--no-track",
                                "-b",
                                name,
                                path.toString(),
                                "origin/main"))
                        : Pairs.millis(() ->
                                engine(who).addWorktree(worktree, BranchName.of(name), MAIN, FetchProgress.none()));
                note(series, who, round, time);
                new JGitSourceControl().removeWorktree(worktree, RemoveOptions.whatever());
            }
        }
        Rounds.print("a worktree of " + repository.files() + " files, ms, " + rounds + " rounds", series);
    }

    private void status(BenchRepository repository) throws Exception {
        Worktree worktree = add(repository, "status");
        for (boolean dirty : new boolean[] {false, true}) {
            if (dirty) {
                repository.change(worktree.path(), 100);
            }
            Map<String, Series> series = new LinkedHashMap<>();
            for (int round = 0; round <= rounds; round++) {
                for (String who : inTurn(round)) {
                    double time = who.equals("git")
                            ? Pairs.millis(() -> repository.status(worktree.path()))
                            : Pairs.millis(() -> engine(who).in(worktree).status(MAIN));
                    note(series, who, round, time);
                }
            }
            Rounds.print(
                    "status of " + repository.files() + " files, " + (dirty ? "100 changed" : "clean")
                            + " (git: status, and how many commits apart), ms, " + rounds + " rounds",
                    series);
        }
    }

    private void merge(BenchRepository repository) throws Exception {
        Worktree worktree = add(repository, "merge");
        repository.change(worktree.path(), 20);
        SourceControl first = engines.values().iterator().next();
        CommitId ours = first.in(worktree).commit("ours", AUTHOR).orElseThrow();
        repository.others(20);
        first.fetch(GitUrl.of(repository.origin().toString()), repository.cache(), FetchOptions.defaults());
        Map<String, Series> series = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String who : inTurn(round)) {
                double time = who.equals("git")
                        ? Pairs.millis(() -> repository.git(worktree.path(), "merge", "-q", "--no-edit", "origin/main"))
                        : Pairs.millis(() -> {
                            if (!engine(who)
                                    .in(worktree)
                                    .merge(Revision.of(MAIN), MergeOptions.by(AUTHOR))
                                    .succeeded()) {
                                throw new IllegalStateException("a conflict");
                            }
                        });
                note(series, who, round, time);
                repository.git(worktree.path(), "reset", "-q", "--hard", ours.value());
            }
        }
        Rounds.print("a merge in " + repository.files() + " files, ms, " + rounds + " rounds", series);
    }

    /** Of branches that change five files of their own, or one more that is the same for all. */
    private void forecast(BenchRepository repository, int many, boolean clashing) throws Exception {
        List<CommitId> heads = new ArrayList<>(List.of(new CommitId(repository.head())));
        for (int i = 0; i < many; i++) {
            Worktree worktree = add(repository, "f" + i);
            repository.change(worktree.path(), 5);
            if (clashing) {
                repository.edit(worktree.path(), "clash " + i);
            }
            heads.add(
                    new JGitSourceControl().in(worktree).commit("work", AUTHOR).orElseThrow());
        }
        Map<String, Series> series = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String who : inTurn(round)) {
                double time = Pairs.millis(() -> forecast(repository, who, heads));
                note(series, who, round, time);
            }
        }
        Rounds.print(
                "all merges of " + many + " branches of " + repository.files()
                        + " files and their base, " + (clashing ? "that clash in a file" : "each with its own files")
                        + " (git: merge-tree), ms, " + rounds + " rounds",
                series);
    }

    /** All pairs, one after the other. */
    private void forecast(BenchRepository repository, String who, List<CommitId> heads) throws Exception {
        if (who.equals("git")) {
            pairs(
                    heads,
                    (one, other) -> repository.tryGit(
                            repository.cache(),
                            "merge-tree",
                            "--write-tree",
                            "--name-only",
                            one.value(),
                            other.value()));
            return;
        }
        try (Previews previews = engine(who).history(repository.cache()).previews()) {
            pairs(heads, previews::of);
        }
    }

    private static void pairs(List<CommitId> heads, Preview preview) throws Exception {
        for (int i = 0; i < heads.size(); i++) {
            for (int j = i + 1; j < heads.size(); j++) {
                Object unused = preview.of(heads.get(i), heads.get(j));
            }
        }
    }

    /** A look at a merge. */
    private interface Preview {
        Object of(CommitId one, CommitId other) throws Exception;
    }

    /** How far a branch that has some commits is from the remote's that has as many others. */
    private void aheadBehind(BenchRepository repository, int many) throws Exception {
        Worktree worktree = add(repository, "apart");
        CommitId ours = repository.commits(worktree.path(), many);
        CommitId theirs = repository.othersCommit(many);
        engines.values()
                .iterator()
                .next()
                .fetch(GitUrl.of(repository.origin().toString()), repository.cache(), FetchOptions.defaults());
        Map<String, Series> series = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String who : inTurn(round)) {
                double time = who.equals("git")
                        ? Pairs.millis(() -> repository.git(
                                repository.cache(),
                                "rev-list",
                                "--left-right",
                                "--count",
                                ours.value() + "..." + theirs.value()))
                        : Pairs.millis(() -> requireApart(
                                engine(who).history(repository.cache()).distance(ours, theirs), many));
                note(series, who, round, time);
            }
        }
        Rounds.print(
                "ahead and behind by " + many + " each, of " + repository.files() + " files (git: rev-list), ms, "
                        + rounds + " rounds",
                series);
    }

    private static void requireApart(Distance distance, int many) {
        if (!distance.equals(new Distance(many, many))) {
            throw new IllegalStateException("it is " + many + " each, and said to be " + distance);
        }
    }

    private void topology(BenchRepository repository, int many) throws Exception {
        List<Worktree> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(add(repository, "t" + i));
        }
        Map<String, Series> series = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (String who : inTurn(round)) {
                double time = Pairs.millis(() -> {
                    for (Worktree each : all) {
                        if (who.equals("git")) {
                            repository.status(each.path());
                        } else {
                            Object unused = engine(who).in(each).status(MAIN);
                        }
                    }
                });
                note(series, who, round, time);
            }
        }
        Rounds.print(
                "the status of " + many + " worktrees of " + repository.files() + " files, one after the other, ms, "
                        + rounds + " rounds",
                series);
    }

    private Worktree add(BenchRepository repository, String name) {
        Worktree worktree = new Worktree(repository.cache(), repository.folder().resolve(name));
        engines.values().iterator().next().addWorktree(worktree, BranchName.of(name), MAIN, FetchProgress.none());
        return worktree;
    }

    private SourceControl engine(String who) {
        SourceControl engine = engines.get(who);
        if (engine == null) {
            throw new IllegalStateException(who);
        }
        return engine;
    }

    private List<String> inTurn(int round) {
        List<String> all = new ArrayList<>(List.of("git"));
        all.addAll(engines.keySet());
        java.util.Collections.rotate(all, round);
        return all;
    }

    private static void note(Map<String, Series> all, String who, int round, double time) {
        Series series = Rounds.series(all, "git");
        if (!who.equals("git")) {
            series = Rounds.series(all, who);
        }
        if (round > 0) { // what is loaded in the first is there after
            series.add(time);
        }
    }
}

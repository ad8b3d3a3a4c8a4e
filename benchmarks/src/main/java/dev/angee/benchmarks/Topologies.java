package dev.angee.benchmarks;

import dev.angee.git.GitSourceControl;
import dev.angee.git.JGitSourceControl;
import dev.angee.gitops.LiveTopology;
import dev.angee.gitops.Topology;
import dev.angee.instance.Angee;
import dev.angee.source.SlotState;
import dev.angee.source.SourceControl;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who stands where, of many workspaces: beside one process for each worktree ({@code git status --porcelain=v2 --branch}, and
 * {@code git rev-list --count} against its base), in the same run and in turn. Ours anew each time, with the {@code git} program
 * and without, and ours kept ({@link LiveTopology}) when a tenth of the worktrees has changed since its last look, right before
 * the question. A change is one file that is edited, or one that is restored; another tenth each time.
 *
 * <p>The arguments are the number of rounds, and pairs of files and workspaces: {@code 5 1000:50 1000:200}. Folders are made under
 * {@code git.base}, or the usual place for temporary files.
 */
public final class Topologies {
    private static final String GIT = "git, a process a worktree";
    private static final String KEPT = "ours, kept, a tenth changed";

    private final Path base;
    private final int rounds;
    private final Set<Path> edited = new HashSet<>();
    private int changes;

    private Topologies(Path base, int rounds) {
        this.base = base;
        this.rounds = rounds;
    }

    /** Runs what is asked for. */
    public static void main(String[] args) throws Exception {
        Path base = Files.createTempDirectory(
                        Path.of(System.getProperty("git.base", System.getProperty("java.io.tmpdir"))),
                        "angee-topologies")
                .toRealPath();
        try {
            Topologies topologies = new Topologies(base, Integer.parseInt(args[0]));
            for (String each : List.of(args).subList(1, args.length)) {
                String[] parts = each.split(":", -1);
                System.out.println("\n" + each + ", load "
                        + Files.readString(Path.of("/proc/loadavg")).strip());
                topologies.measure(each.replace(':', '-'), Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
        } finally {
            Rounds.clear(base);
        }
    }

    private void measure(String name, int files, int many) throws Exception {
        Path folder = Files.createDirectories(base.resolve(name));
        BenchRepository repository = new BenchRepository(folder, files);
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.writeString(
                root.resolve("angee.yaml"),
                "name: bench\nsources: { app: { kind: git, repo: \"" + repository.origin() + "\" } }\n");
        Path template = Files.createDirectories(root.resolve("templates/workspaces/t"));
        Files.writeString(
                template.resolve("copier.yml"),
                "_templates_suffix: .ftl\n_angee: { kind: workspace, sources: { app: { source: app } } }\n");
        try (Angee with = open(root, new GitSourceControl(System.getenv()));
                Angee without = open(root, new JGitSourceControl())) {
            List<Path> worktrees = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Workspace made =
                        with.workspaces().create(WorkspaceRequest.named("w" + i).template("workspaces/t"));
                worktrees.add(made.slot("app").worktree().path());
            }
            try (LiveTopology kept = with.gitops().watch()) {
                run(repository, worktrees, with, without, kept);
            }
        } finally {
            Rounds.clear(folder);
        }
    }

    private void run(BenchRepository repository, List<Path> worktrees, Angee with, Angee without, LiveTopology kept)
            throws Exception {
        edited.clear();
        Map<String, Series> series = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(List.of(GIT, "ours, with git", "ours, without git", KEPT));
        names.forEach(name -> Rounds.series(series, name));
        for (int round = 0; round <= rounds; round++) {
            Collections.rotate(names, 1);
            for (String name : names) {
                if (name.equals(KEPT)) {
                    Topology unused = kept.topology(); // what the others' turns have changed is no part of its own
                }
                int changed = change(repository, worktrees);
                double time = Pairs.millis(() -> look(name, repository, worktrees, with, without, kept, changed));
                if (round > 0) { // what is loaded in the first is there after
                    Rounds.series(series, name).add(time);
                }
            }
        }
        Rounds.print(
                "the topology of " + worktrees.size() + " workspaces of " + repository.files() + " files, ms, " + rounds
                        + " rounds",
                series);
    }

    private static void look(
            String name,
            BenchRepository repository,
            List<Path> worktrees,
            Angee with,
            Angee without,
            LiveTopology kept,
            int changed)
            throws Exception {
        switch (name) {
            case GIT -> {
                for (Path each : worktrees) {
                    repository.status(each);
                }
            }
            case KEPT -> check(kept.topology(), changed);
            case "ours, with git" -> check(with.gitops().topology(), changed);
            default -> check(without.gitops().topology(), changed);
        }
    }

    private static void check(Topology topology, int changed) {
        long dirty = topology.links().stream()
                .filter(link -> link.state() == SlotState.DIRTY)
                .count();
        if (dirty != changed) {
            throw new IllegalStateException(dirty + " are said to be changed, and " + changed + " are");
        }
    }

    /** Another tenth each time; how many are changed then. */
    private int change(BenchRepository repository, List<Path> worktrees) throws IOException {
        int tenth = Math.max(1, worktrees.size() / 10);
        int begin = changes++ * tenth;
        for (int i = begin; i < begin + tenth; i++) {
            Path worktree = worktrees.get(i % worktrees.size());
            if (edited.remove(worktree)) {
                repository.restore(worktree);
            } else {
                edited.add(worktree);
                repository.edit(worktree, "change " + changes);
            }
        }
        return edited.size();
    }

    private static Angee open(Path root, SourceControl control) {
        return Angee.builder(root)
                .sourceControl(control)
                .stateFolder(root.resolveSibling("state"))
                .build();
    }
}

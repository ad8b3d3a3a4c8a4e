package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.NotFoundException;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.resolve.StackLayout;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitId;
import dev.angee.source.History;
import dev.angee.source.SlotState;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.WorktreeHead;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.WorkspaceSurvey;
import dev.angee.workspace.Workspaces;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out who stands where. Whatever is wrong with one is said of that one. */
final class TopologyReader {
    private final StackLayout layout;
    private final SourceControl control;
    private final Workspaces workspaces;
    private final Remotes remotes;
    private final GitThreads threads;

    TopologyReader(
            StackLayout layout, SourceControl control, Workspaces workspaces, Remotes remotes, GitThreads threads) {
        this.layout = layout;
        this.control = control;
        this.workspaces = workspaces;
        this.remotes = remotes;
        this.threads = threads;
    }

    /** A slot, and the workspace it is in. */
    record Place(String workspace, Slot slot) {}

    /**
     * What there is to look at.
     *
     * @param workspaces the names of the workspaces
     * @param places their slots, in order
     * @param sources the sources that are declared; empty if that cannot be read
     * @param problems what cannot be read
     */
    record Ground(
            List<String> workspaces,
            List<Place> places,
            Optional<Map<String, SourceSpec>> sources,
            List<String> problems) {}

    Topology read(TopologyOptions options) {
        Ground ground = ground();
        List<Link> links = threads.map(ground.places(), place -> link(place, ground));
        return new Topology(ground.workspaces(), links, sources(ground, options), ground.problems());
    }

    Ground ground() {
        WorkspaceSurvey survey = workspaces.survey();
        List<String> problems = new ArrayList<>(survey.problems());
        List<Place> places = new ArrayList<>();
        for (Workspace workspace : survey.workspaces()) {
            workspace.slots().forEach(slot -> places.add(new Place(workspace.name(), slot)));
        }
        Optional<Map<String, SourceSpec>> sources = Optional.empty();
        try {
            sources = Optional.of(remotes.declared());
        } catch (AngeeException e) {
            problems.add("sources: " + e.getMessage());
        }
        return new Ground(survey.workspaces().stream().map(Workspace::name).toList(), places, sources, problems);
    }

    List<SourceState> sources(Ground ground, TopologyOptions options) {
        List<SourceSpec> declared =
                new ArrayList<>(ground.sources().orElse(Map.of()).values());
        declared.sort((a, b) -> a.name().compareTo(b.name()));
        return threads.map(declared, source -> source(source, options));
    }

    Link link(Place place, Ground ground) {
        return undeclared(place, ground)
                .map(note -> broken(place, SlotState.ERROR, note))
                .orElseGet(() -> link(place));
    }

    Link link(Place place) {
        try {
            return absent(place)
                    .map(absence -> broken(place, absence.state(), absence.note()))
                    .orElseGet(() -> standing(
                            place,
                            control.in(place.slot().worktree())
                                    .status(place.slot().base())));
        } catch (AngeeException e) {
            return broken(place, SlotState.ERROR, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return broken(place, SlotState.ERROR, e.toString()); // a defect, but of this slot alone
        }
    }

    /**
     * The commit that a slot is at, if it is on its branch and nothing is unfinished.
     *
     * @param commit the commit
     * @param problem why there is none to tell of; else empty
     */
    record Head(Optional<CommitId> commit, String problem) {
        private static Head unknown(String problem) {
            return new Head(Optional.empty(), problem);
        }
    }

    /** Without a look at its files. */
    Head head(Place place, Ground ground) {
        Optional<String> problem =
                undeclared(place, ground).or(() -> absent(place).map(Absence::note));
        if (problem.isPresent()) {
            return Head.unknown(problem.get());
        }
        try {
            return head(place.slot(), control.in(place.slot().worktree()).head());
        } catch (AngeeException e) {
            return Head.unknown(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return Head.unknown(e.toString()); // a defect, but of this slot alone
        }
    }

    private static Head head(Slot slot, WorktreeHead found) {
        if (found.unfinished() != Unfinished.NOTHING) {
            return Head.unknown("it has an unfinished " + Preflight.named(found.unfinished()));
        }
        return found.branch().equals(Optional.of(slot.branch()))
                ? new Head(Optional.of(found.commit()), "")
                : Head.unknown(elsewhere(found.branch(), slot));
    }

    private Optional<String> undeclared(Place place, Ground ground) {
        String source = place.slot().source();
        return ground.sources()
                .filter(declared -> !declared.containsKey(source))
                .map(unused -> "source '" + source + "' is not declared in " + layout.manifest());
    }

    /** That there is no worktree to look at. */
    private record Absence(SlotState state, String note) {}

    private static Optional<Absence> absent(Place place) {
        Path path = place.slot().worktree().path();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new Absence(SlotState.MISSING, path + " is not there"));
        }
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                ? Optional.empty()
                : Optional.of(new Absence(SlotState.ERROR, path + " is not a folder"));
    }

    private static String elsewhere(Optional<BranchName> branch, Slot slot) {
        return "on " + branch.map(BranchName::value).orElse("no branch") + ", should be on " + slot.branch();
    }

    private static Link standing(Place place, WorktreeStatus status) {
        Slot slot = place.slot();
        SlotState state = status.state(slot.branch());
        // What the base has, the remote has.
        boolean pushed = state != SlotState.BRANCH_MISMATCH
                && status.changed().isEmpty()
                && (status.ahead() == 0 || status.pushed());
        return new Link(
                place.workspace(),
                slot.name(),
                slot.source(),
                slot.branch(),
                slot.base(),
                state,
                status.branch(),
                Optional.of(status.head()),
                status.changed().size(),
                status.ahead(),
                status.behind(),
                status.unfinished(),
                pushed,
                note(state, pushed, status, slot));
    }

    private static Link broken(Place place, SlotState state, String note) {
        Slot slot = place.slot();
        return new Link(
                place.workspace(),
                slot.name(),
                slot.source(),
                slot.branch(),
                slot.base(),
                state,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                Unfinished.NOTHING,
                state == SlotState.MISSING,
                note);
    }

    private static String note(SlotState state, boolean pushed, WorktreeStatus status, Slot slot) {
        if (status.unfinished() != Unfinished.NOTHING) {
            return "an unfinished " + Preflight.named(status.unfinished())
                    + (status.unfinished() == Unfinished.CHANGE ? "; abort it" : "; resume or abort it");
        }
        return switch (state) {
            case DIRTY -> status.changed().size() + " uncommitted";
            case BEHIND -> "sync-base brings it current";
            case DIVERGED -> pushed ? "sync-base, then land" : "not pushed";
            case AHEAD -> pushed ? "pushed" : "not pushed";
            case BRANCH_MISMATCH -> elsewhere(status.branch(), slot);
            case CLEAN, MISSING, ERROR -> "";
        };
    }

    private SourceState source(SourceSpec source, TopologyOptions options) {
        Path path = layout.source(source);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return unread(source, SourceState.State.MISSING, "");
        }
        if (source.kind() == SourceKind.LOCAL) {
            return unread(source, SourceState.State.READY, "");
        }
        try {
            History history = control.history(path);
            Map<BranchName, CommitId> branches = history.remoteBranches();
            Optional<BranchName> main = defaultBranch(source, history);
            List<Commit> commits = main.map(branches::get)
                    .filter(tip -> options.commits() > 0)
                    .map(tip -> history.log(tip, options.commits()))
                    .orElse(List.of());
            return new SourceState(
                    source.name(),
                    source.kind(),
                    path,
                    SourceState.State.READY,
                    history.fetched(),
                    main,
                    branches,
                    commits,
                    "");
        } catch (AngeeException e) {
            return unread(source, SourceState.State.ERROR, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return unread(source, SourceState.State.ERROR, e.toString());
        }
    }

    private static Optional<BranchName> defaultBranch(SourceSpec source, History history) {
        if (source.defaultRef().isPresent()) {
            return source.defaultRef().map(BranchName::of);
        }
        try {
            return Optional.of(history.defaultBranch());
        } catch (NotFoundException e) {
            return Optional.empty(); // a remote without commits
        }
    }

    private SourceState unread(SourceSpec source, SourceState.State state, String note) {
        return new SourceState(
                source.name(),
                source.kind(),
                layout.source(source),
                state,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                note);
    }
}

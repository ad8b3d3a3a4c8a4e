package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergePreview;
import dev.angee.source.SlotState;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes forecasts. A merge of two commits is always the same, so it is asked for once and remembered. */
final class Forecaster {
    private static final int MOST_REMEMBERED = 20_000;

    private final SourceControl control;
    private final TopologyReader reader;
    private final GitThreads threads;
    private final Map<Question, MergePreview> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, MergePreview> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    Forecaster(SourceControl control, TopologyReader reader, GitThreads threads) {
        this.control = control;
        this.reader = reader;
        this.threads = threads;
    }

    private record Question(Path cache, CommitId into, CommitId what) {}

    private record Answer(Optional<MergePreview> preview, String problem) {}

    /** A slot that is where it should be. */
    private record Contender(TopologyReader.Place place, Forecast.Standing standing) {
        Path cache() {
            return place.slot().worktree().cache();
        }

        Optional<CommitId> head() {
            return standing.head();
        }
    }

    /** Two slots of one cache. */
    private record Couple(Contender one, Contender other) {}

    Forecast forecast() {
        TopologyReader.Ground ground = reader.ground();
        List<Contender> contenders =
                threads.map(ground.places(), place -> contender(place, reader.link(place, ground)));
        List<Couple> couples = couples(contenders);
        List<Forecast.Pair> pairs = threads.map(couples, this::pair);
        List<Forecast.Standing> slots =
                contenders.stream().map(Contender::standing).toList();
        return new Forecast(slots, pairs, LandingOrder.of(slots, pairs));
    }

    private Contender contender(TopologyReader.Place place, Link link) {
        Optional<CommitId> head = link.head().filter(there -> problem(link).isEmpty());
        Answer landing = head.map(there -> againstBase(place, there))
                .orElseGet(() -> new Answer(Optional.empty(), problem(link)));
        Forecast.Standing standing = new Forecast.Standing(
                new Forecast.Name(place.workspace(), place.slot().name()),
                place.slot().source(),
                place.slot().base(),
                head,
                link.changes(),
                landing.preview(),
                landing.problem());
        return new Contender(place, standing);
    }

    private static String problem(Link link) {
        if (link.unfinished() != Unfinished.NOTHING) {
            return "it has an unfinished " + Preflight.named(link.unfinished());
        }
        return link.head().isEmpty() || link.state() == SlotState.BRANCH_MISMATCH ? link.note() : "";
    }

    private Answer againstBase(TopologyReader.Place place, CommitId head) {
        BranchName base = place.slot().base();
        try {
            return control.history(place.slot().worktree().cache())
                    .remoteBranch(base)
                    .map(there -> ask(place.slot().worktree().cache(), there, head))
                    .orElseGet(() -> new Answer(Optional.empty(), "the remote has no branch " + base));
        } catch (AngeeException e) {
            return new Answer(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    private static List<Couple> couples(List<Contender> contenders) {
        List<Couple> couples = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            for (int j = i + 1; j < contenders.size(); j++) {
                Contender one = contenders.get(i);
                Contender other = contenders.get(j);
                if (one.cache().equals(other.cache())
                        && one.head().isPresent()
                        && other.head().isPresent()) {
                    couples.add(new Couple(one, other));
                }
            }
        }
        return couples;
    }

    private Forecast.Pair pair(Couple couple) {
        Contender one = couple.one();
        Contender other = couple.other();
        Answer answer = ask(one.cache(), one.head().orElseThrow(), other.head().orElseThrow());
        return new Forecast.Pair(one.standing().name(), other.standing().name(), answer.preview(), answer.problem());
    }

    private Answer ask(Path cache, CommitId into, CommitId what) {
        Question question = new Question(cache, into, what);
        synchronized (known) {
            MergePreview remembered = known.get(question);
            if (remembered != null) {
                return new Answer(Optional.of(remembered), "");
            }
        }
        try {
            MergePreview preview = control.history(cache).preview(into, what);
            synchronized (known) {
                known.put(question, preview);
            }
            return new Answer(Optional.of(preview), "");
        } catch (AngeeException e) {
            return new Answer(Optional.empty(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Answer(Optional.empty(), e.toString());
        }
    }
}

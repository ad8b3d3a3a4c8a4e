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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes forecasts. A merge of two commits is always the same, so it is asked for once, and remembered as long as each forecast
 * asks for it again.
 */
final class Forecaster {
    private static final int MOST_REMEMBERED = 1_000_000;

    private final SourceControl control;
    private final TopologyReader reader;
    private final GitThreads threads;
    private volatile Map<Question, MergePreview> known = Map.of();

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
        Map<Question, MergePreview> asked = new ConcurrentHashMap<>();
        TopologyReader.Ground ground = reader.ground();
        List<Contender> contenders =
                threads.map(ground.places(), place -> contender(place, reader.link(place, ground), asked));
        List<Couple> couples = couples(contenders);
        List<Forecast.Pair> pairs = threads.map(couples, couple -> pair(couple, asked));
        List<Forecast.Standing> slots =
                contenders.stream().map(Contender::standing).toList();
        known = asked;
        return new Forecast(slots, pairs, LandingOrder.of(slots, pairs));
    }

    private Contender contender(TopologyReader.Place place, Link link, Map<Question, MergePreview> asked) {
        Optional<CommitId> head = link.head().filter(there -> problem(link).isEmpty());
        Answer landing = head.map(there -> againstBase(place, there, asked))
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

    private Answer againstBase(TopologyReader.Place place, CommitId head, Map<Question, MergePreview> asked) {
        BranchName base = place.slot().base();
        try {
            return control.history(place.slot().worktree().cache())
                    .remoteBranch(base)
                    .map(there -> ask(new Question(place.slot().worktree().cache(), there, head), asked))
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
                if (one.cache().equals(other.cache())) {
                    couples.add(new Couple(one, other));
                }
            }
        }
        return couples;
    }

    private Forecast.Pair pair(Couple couple, Map<Question, MergePreview> asked) {
        Contender one = couple.one();
        Contender other = couple.other();
        Answer answer = one.head().isPresent() && other.head().isPresent()
                ? ask(new Question(one.cache(), one.head().get(), other.head().get()), asked)
                : new Answer(Optional.empty(), unknown(one.head().isPresent() ? other : one));
        return new Forecast.Pair(one.standing().name(), other.standing().name(), answer.preview(), answer.problem());
    }

    private static String unknown(Contender contender) {
        return contender.standing().name() + ": " + contender.standing().problem();
    }

    private Answer ask(Question question, Map<Question, MergePreview> asked) {
        try {
            MergePreview remembered = known.get(question);
            MergePreview preview = remembered != null
                    ? remembered
                    : control.history(question.cache()).preview(question.into(), question.what());
            if (asked.size() < MOST_REMEMBERED) {
                asked.put(question, preview);
            }
            return new Answer(Optional.of(preview), "");
        } catch (AngeeException e) {
            return new Answer(Optional.empty(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Answer(Optional.empty(), e.toString());
        }
    }
}

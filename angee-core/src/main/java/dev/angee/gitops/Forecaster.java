package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergePreview;
import dev.angee.source.Previews;
import dev.angee.source.SourceControl;
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
        TopologyReader.Ground ground = reader.ground();
        try (Asking asking = new Asking()) {
            List<Contender> contenders =
                    threads.map(ground.places(), place -> contender(place, reader.head(place, ground), asking));
            List<Couple> couples = couples(contenders);
            List<Forecast.Pair> pairs = threads.map(couples, couple -> pair(couple, asking));
            List<Forecast.Standing> slots =
                    contenders.stream().map(Contender::standing).toList();
            known = asking.answers;
            return new Forecast(slots, pairs, LandingOrder.of(slots, pairs));
        }
    }

    /** One forecast's questions: what came of them, and what is open to find out. */
    private final class Asking implements AutoCloseable {
        private final Map<Question, MergePreview> answers = new ConcurrentHashMap<>();
        private final Map<Path, Previews> open = new ConcurrentHashMap<>();

        private MergePreview preview(Question question) {
            MergePreview remembered = known.get(question);
            MergePreview preview = remembered != null
                    ? remembered
                    : open.computeIfAbsent(
                                    question.cache(),
                                    cache -> control.history(cache).previews())
                            .of(question.into(), question.what());
            if (answers.size() < MOST_REMEMBERED) {
                answers.put(question, preview);
            }
            return preview;
        }

        @Override
        public void close() {
            open.values().forEach(Previews::close);
        }
    }

    private Contender contender(TopologyReader.Place place, TopologyReader.Head found, Asking asking) {
        Optional<CommitId> head = found.commit();
        Answer landing = head.map(there -> againstBase(place, there, asking))
                .orElseGet(() -> new Answer(Optional.empty(), found.problem()));
        Forecast.Standing standing = new Forecast.Standing(
                new Forecast.Name(place.workspace(), place.slot().name()),
                place.slot().source(),
                place.slot().base(),
                head,
                landing.preview(),
                landing.problem());
        return new Contender(place, standing);
    }

    private Answer againstBase(TopologyReader.Place place, CommitId head, Asking asking) {
        BranchName base = place.slot().base();
        try {
            return control.history(place.slot().worktree().cache())
                    .remoteBranch(base)
                    .map(there -> ask(new Question(place.slot().worktree().cache(), there, head), asking))
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

    private Forecast.Pair pair(Couple couple, Asking asking) {
        Contender one = couple.one();
        Contender other = couple.other();
        Answer answer = one.head().isPresent() && other.head().isPresent()
                ? ask(new Question(one.cache(), one.head().get(), other.head().get()), asking)
                : new Answer(Optional.empty(), unknown(one.head().isPresent() ? other : one));
        return new Forecast.Pair(one.standing().name(), other.standing().name(), answer.preview(), answer.problem());
    }

    private static String unknown(Contender contender) {
        return contender.standing().name() + ": " + contender.standing().problem();
    }

    private static Answer ask(Question question, Asking asking) {
        try {
            return new Answer(Optional.of(asking.preview(question)), "");
        } catch (AngeeException e) {
            return new Answer(Optional.empty(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Answer(Optional.empty(), e.toString());
        }
    }
}

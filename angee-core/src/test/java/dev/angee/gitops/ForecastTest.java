package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.gitops.Forecast.Name;
import dev.angee.gitops.Forecast.Pair;
import dev.angee.gitops.Forecast.Standing;
import dev.angee.source.BranchName;
import dev.angee.source.MergePreview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTest {
    @TempDir
    Path folder;

    private MemoryInstance instance;

    @BeforeEach
    void open() throws Exception {
        instance = new MemoryInstance(folder.toRealPath(), "app", "lib");
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void every_two_slots_of_a_source_are_told_of_and_each_against_its_base() throws Exception {
        instance.workspace("p", "app", "lib");
        instance.workspace("q", "app");
        instance.workspace("r", "app", "lib");
        instance.commit("p", "app", "shared", "p");
        instance.commit("q", "app", "shared", "q");
        instance.commit("r", "app", "other", "r");
        instance.elsewhere("app", "main", "other", "main");
        instance.gitops().fetch();
        Forecast forecast = instance.gitops().forecast();
        assertThat(forecast.pairs())
                .extracting(pair -> pair.first() + " " + pair.second())
                .containsExactly("p:app q:app", "p:app r:app", "p:lib r:lib", "q:app r:app");
        assertThat(forecast.pair(new Name("q", "app"), new Name("p", "app")).orElseThrow())
                .satisfies(pair -> {
                    assertThat(pair.conflicts()).isTrue();
                    assertThat(pair.preview().orElseThrow().conflicts()).containsExactly("shared");
                });
        assertThat(forecast.pair(new Name("p", "app"), new Name("r", "app"))
                        .orElseThrow()
                        .conflicts())
                .isFalse();
        assertThat(standing(forecast, "r", "app").landing().orElseThrow().conflicts())
                .containsExactly("other");
        assertThat(standing(forecast, "p", "app").landing().orElseThrow().isClean())
                .isTrue();
        assertThat(forecast.order())
                .as("q conflicts with p once p is landed; r does so now")
                .containsExactly("p", "q", "r");
    }

    @Test
    void what_is_uncommitted_is_neither_in_it_nor_looked_for() throws Exception {
        instance.workspace("p", "app");
        instance.workspace("q", "app");
        instance.commit("p", "app", "shared", "p");
        instance.edit("q", "app", "shared", "q");
        instance.control.calls.clear();
        Forecast forecast = instance.gitops().forecast();
        assertThat(forecast.pairs()).noneMatch(Pair::conflicts);
        assertThat(instance.calls("status")).isEmpty();
        assertThat(instance.folder("q", "app").edits).containsKey("shared");
    }

    @Test
    void a_slot_of_which_nothing_can_be_said_is_named_and_hides_no_other() throws Exception {
        for (String name : List.of("p", "q", "r", "s")) {
            instance.workspace(name, "app");
        }
        Files.delete(instance.path("q", "app"));
        instance.folder("r", "app").branch = Optional.of("elsewhere");
        Forecast forecast = instance.gitops().forecast();
        assertThat(forecast.pairs())
                .extracting(pair -> pair.first() + " " + pair.second())
                .containsExactly(
                        "p:app q:app", "p:app r:app", "p:app s:app", "q:app r:app", "q:app s:app", "r:app s:app");
        assertThat(forecast.pair(new Name("q", "app"), new Name("s", "app")).orElseThrow())
                .satisfies(pair -> {
                    assertThat(pair.preview()).isEmpty();
                    assertThat(pair.problem()).startsWith("q:app: ").contains("is not there");
                    assertThat(pair.conflicts()).isFalse();
                });
        assertThat(standing(forecast, "q", "app").problem()).contains("is not there");
        assertThat(standing(forecast, "r", "app").problem()).contains("should be on r-app");
        assertThat(forecast.order())
                .as("those that nothing is known of come last")
                .containsExactly("p", "s", "q", "r");
    }

    @Test
    void a_merge_that_cannot_be_looked_at_is_named_and_hides_no_other() throws Exception {
        instance.workspace("p", "app");
        instance.workspace("q", "app");
        instance.control.failBefore("preview", MemorySourceControl::unreachable);
        Forecast forecast = instance.gitops().forecast();
        assertThat(forecast.pairs()).singleElement().satisfies(pair -> {
            assertThat(pair.preview()).isEmpty();
            assertThat(pair.problem()).contains("does not answer");
        });
        assertThat(forecast.slots()).hasSize(2).allMatch(slot -> slot.problem().contains("does not answer"));
    }

    @Test
    void each_source_is_opened_once_for_a_forecast_and_closed_after_it_also_if_that_fails() throws Exception {
        for (String name : List.of("p", "q", "r")) {
            instance.workspace(name, "app", "lib");
            instance.commit(name, "app", name, "1");
            instance.commit(name, "lib", name, "1");
        }
        for (int round = 0; round < 2; round++) {
            instance.control.calls.clear();
            instance.gitops().forecast();
            assertThat(instance.control.calls.stream().filter(call -> call.contains("previews")))
                    .as("round " + round)
                    .containsExactlyInAnyOrder(
                            "open previews of app", "open previews of lib",
                            "close previews of app", "close previews of lib");
            instance.commit("p", "app", "p", "2");
            instance.commit("p", "lib", "p", "2");
            instance.control.failBefore("preview", () -> new IllegalStateException("a defect"));
        }
    }

    @Test
    void commits_that_have_not_moved_are_not_asked_for_again() throws Exception {
        for (String name : List.of("p", "q", "r")) {
            instance.workspace(name, "app");
            instance.commit(name, "app", name, "1");
        }
        Forecast first = instance.gitops().forecast();
        instance.control.calls.clear();
        assertThat(instance.gitops().forecast()).isEqualTo(first);
        assertThat(instance.control.calls).doesNotContain("preview");
        instance.commit("q", "app", "q", "2");
        instance.gitops().forecast();
        assertThat(instance.control.calls.stream().filter("preview"::equals))
                .as("q against its base, p and r")
                .hasSize(3);
    }

    /** Against a slow and plain reading of the rule, for many random conflicts. */
    @Test
    void the_order_is_what_the_rule_says_and_does_not_depend_on_the_order_of_what_is_given() {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            int count = 1 + random.nextInt(7);
            boolean[] clean = new boolean[count];
            boolean[][] clash = new boolean[count][count];
            List<Standing> slots = new ArrayList<>();
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clean[i] = random.nextInt(4) > 0;
                slots.add(standing(name(i), clean[i]));
                for (int j = 0; j < i; j++) {
                    boolean conflict = random.nextInt(3) == 0;
                    clash[i][j] = conflict;
                    clash[j][i] = conflict;
                    pairs.add(new Pair(name(j), name(i), preview(!conflict), ""));
                }
            }
            Collections.shuffle(slots, random);
            Collections.shuffle(pairs, random);
            assertThat(LandingOrder.of(slots, pairs)).as("round " + round).isEqualTo(plainly(clean, clash));
        }
    }

    private static List<String> plainly(boolean[] clean, boolean[][] clash) {
        List<Integer> landed = new ArrayList<>();
        List<String> names = new ArrayList<>();
        while (landed.size() < clean.length) {
            int best = -1;
            long bestScore = Long.MAX_VALUE;
            for (int i = 0; i < clean.length; i++) {
                if (landed.contains(i)) {
                    continue;
                }
                long score = clean[i] ? 0 : 1000;
                for (int j = 0; j < clean.length; j++) {
                    if (clash[i][j] && landed.contains(j)) {
                        score = score % 1000 + 1000;
                    } else if (clash[i][j]) {
                        score++;
                    }
                }
                if (score < bestScore) {
                    best = i;
                    bestScore = score;
                }
            }
            landed.add(best);
            names.add("w" + best);
        }
        return names;
    }

    private static Name name(int i) {
        return new Name("w" + i, "app");
    }

    private static Optional<MergePreview> preview(boolean clean) {
        return Optional.of(new MergePreview(clean ? List.of() : List.of("file"), true));
    }

    private static Standing standing(Name name, boolean clean) {
        return new Standing(name, "app", BranchName.of("main"), Optional.empty(), preview(clean), "");
    }

    private static Standing standing(Forecast forecast, String workspace, String slot) {
        return forecast.slots().stream()
                .filter(each -> each.name().equals(new Name(workspace, slot)))
                .findFirst()
                .orElseThrow();
    }
}

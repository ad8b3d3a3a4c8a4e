package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.manifest.MergeConflict.Reason;
import dev.angee.manifest.MergeOptions.Side;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestMergeTest {
    private static final MergeOptions OURS = MergeOptions.defaults();
    private static final String BASE = """
            name: shop
            services:
              web: { image: "web:1", env: { A: "1" }, command: [serve] }
              old: { image: "old:1" }
            """;

    @Test
    void a_local_edit_and_an_upstream_change_of_another_field_both_survive_R26_C12() {
        String ours = """
                # mine
                name: shop
                services:
                  # the front
                  web: { image: "web:1", env: { A: "mine" }, command: [serve] } # do not touch A
                  old: { image: "old:1" }
                """;
        MergeResult merged = merge(BASE, ours, BASE.replace("web:1", "web:2").replace("\"1\" }", "\"1\", B: \"2\" }"));
        assertThat(merged.text())
                .isEqualTo(ours.replace("web:1", "web:2").replace("\"mine\" }", "\"mine\", B: \"2\" }"));
        assertThat(merged.conflicts()).isEmpty();
        assertThat(merged.changed())
                .containsExactly(List.of("services", "web", "image"), List.of("services", "web", "env", "B"));
    }

    @Test
    void a_comment_and_the_order_inside_an_entry_that_the_template_changes_stay_R34_C12() {
        String base = """
                name: shop
                services:
                  web:
                    image: "web:1"
                    env:
                      A: "1"
                      B: "2"
                    command: [serve]
                """;
        String ours = """
                name: shop
                services:
                  web:
                    command: [serve] # as in production
                    # pinned by hand

                    env: { B: "2", A: '1' } # order matters to me
                    image: 'web:1' # see the wiki
                """;
        MergeResult merged = merge(base, ours, base.replace("web:1", "web:2").replace("A: \"1\"", "C: \"3\""));
        assertThat(merged.text())
                .isEqualTo(ours.replace("'web:1'", "\"web:2\"").replace("B: \"2\", A: '1'", "B: \"2\", C: \"3\""));
        assertThat(merged.conflicts()).isEmpty();
        assertThat(merge(base, ours, "name: shop\nservices:\n  web: {}\n").text())
                .isEqualTo("name: shop\nservices:\n  web: {}\n");
    }

    @Test
    void a_token_is_in_no_conflict() {
        String base = "name: a\nsecrets_backend: { type: openbao, token: canary-1 }\n";
        String ours = base.replace("canary-1", "canary-2");
        for (String theirs :
                List.of(base.replace("canary-1", "canary-3"), "name: a\n", "name: a\nsecrets_backend: x\n")) {
            for (MergeResult merged : List.of(
                    ManifestMerge.merge(base, ours, theirs, OURS),
                    ManifestMerge.merge(base, theirs, ours, OURS),
                    ManifestMerge.adopt(ours, base, OURS))) {
                assertThat(merged.conflicts()).isNotEmpty();
                assertThat(merged.conflicts().toString()).contains("***").doesNotContain("canary");
                assertThat(merged.conflicts())
                        .allSatisfy(conflict -> assertThat(conflict.ours() + "" + conflict.theirs() + conflict.base())
                                .doesNotContain("canary"));
            }
        }
        assertThat(new MergeConflict(
                        List.of("secrets_backend", "token"),
                        Reason.BOTH_CHANGED,
                        Optional.of("canary"),
                        Optional.empty(),
                        Optional.of("canary"),
                        Optional.empty(),
                        Optional.empty()))
                .hasToString("secrets_backend.token: both sides changed it (was ***, here absent, new ***)");
    }

    @Test
    void what_stands_where_another_side_refers_to_a_secret_is_not_shown_S7() {
        String reference = "services:\n  web: { env: { T: \"${secret.t}\", A: \"1\" }, command: [\"${secret.t}\"] }\n";
        String clear = reference.replace("${secret.t}", "canary");
        for (List<String> sides : List.of(
                List.of(reference, clear, "services: {}\n"),
                List.of(clear, clear.replace("canary", "canary-2"), reference),
                List.of("services: {}\n", clear, reference))) {
            MergeResult merged = merge(sides.get(0), sides.get(1), sides.get(2));
            assertThat(merged.conflicts()).isNotEmpty();
            assertThat(merged.conflicts().toString()).contains("***").doesNotContain("canary");
            assertThat(merged.conflicts().get(0).summary()).doesNotContain("***");
        }
    }

    @Test
    void what_the_template_dropped_and_nobody_touched_goes_and_what_is_only_here_stays_R26_C12() {
        String ours = BASE + "  mine: { image: \"mine:1\" }\nsecrets: { key: {} }\n";
        MergeResult merged =
                merge(BASE, ours, "name: shop\nservices:\n  web: { image: \"web:1\", env: { A: \"1\" } }\n");
        assertThat(merged.text())
                .isEqualTo(ours.replace(", command: [serve]", "").replace("  old: { image: \"old:1\" }\n", ""));
        assertThat(merged.conflicts()).isEmpty();
    }

    @Test
    void a_section_that_the_template_dropped_loses_its_entries_but_not_ours() {
        String ours = BASE.replace("old:1", "mine");
        MergeResult merged = merge(BASE, ours, "name: shop\n");
        assertThat(merged.text()).isEqualTo("name: shop\nservices:\n  old: { image: \"mine\" }\n");
        assertThat(merged.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.path()).containsExactly("services", "old");
            assertThat(conflict.reason()).isEqualTo(Reason.DROPPED_UPSTREAM);
        });
        assertThat(merge(BASE, "name: shop\n", BASE).text())
                .as("taken away here")
                .isEqualTo("name: shop\n");
    }

    @Test
    void what_both_changed_is_reported_with_its_values_and_places_and_decided_as_asked() {
        String ours = BASE.replace("web:1", "mine").replace("  old: { image: \"old:1\" }\n", "");
        String theirs = BASE.replace("web:1", "web:2").replace("old:1", "old:2").replace("[serve]", "[serve, all]");
        MergeResult kept = merge(BASE, ours, theirs);
        assertThat(kept.text()).isEqualTo(ours.replace("[serve]", "[serve, all]"));
        assertThat(kept.conflicts()).hasSize(2);
        MergeConflict image = kept.conflicts().get(0);
        assertThat(image.path()).containsExactly("services", "web", "image");
        assertThat(image.base()).contains("\"web:1\"");
        assertThat(image.ours()).contains("\"mine\"");
        assertThat(image.theirs()).contains("\"web:2\"");
        assertThat(image.ourPlace()).contains(Place.of(3, 17));
        assertThat(image.theirPlace()).contains(Place.of(3, 17));
        assertThat(image)
                .hasToString("services.web.image: both sides changed it (was \"web:1\", here \"mine\", new \"web:2\")");
        assertThat(kept.conflicts().get(1).reason()).isEqualTo(Reason.REMOVED_HERE);
        assertThat(kept.conflicts().get(1).ourPlace()).isEmpty();

        MergeResult taken = ManifestMerge.merge(BASE, ours, theirs, OURS.withOnConflict(Side.THEIRS));
        assertThat(taken.conflicts()).isEqualTo(kept.conflicts());
        assertThat(taken.text()).isEqualTo(theirs);
    }

    @Test
    void operator_workspaces_and_leases_are_ours_whatever_the_template_says() {
        String ours = "name: a\noperator: { domain: x }\nport_leases: { web: [1] }\n";
        String theirs = "name: a\noperator: { domain: y }\nworkspaces: { w: { template: t } }\n";
        assertThat(merge("name: a\n", ours, theirs).text()).isEqualTo(ours);
        assertThat(merge(ours, ours, theirs).text()).isEqualTo(ours);
    }

    @Test
    void a_port_number_that_nobody_here_has_changed_follows_the_template() {
        String base = "name: a\nports: { db: { value: 5432 }, web: { value: 80 } }\n";
        String ours = "name: a\nports: { db: { value: 5432 }, web: { value: 8080 } }\n";
        String theirs = "name: a\nports: { db: { value: 6000 }, web: { value: 81 } }\n";
        MergeResult merged = ManifestMerge.merge(base, ours, theirs, MergeOptions.defaults());
        assertThat(merged.text()).isEqualTo("name: a\nports: { db: { value: 6000 }, web: { value: 8080 } }\n");
        assertThat(merged.changed()).containsExactly(List.of("ports", "db", "value"));
        assertThat(merged.conflicts()).isEmpty();
    }

    @Test
    void a_port_number_that_is_given_here_stays_unless_somebody_else_hands_them_out() {
        String base = "name: a\nports: { web: { value: 80, aliases: [x] }, api: { value: 0 }, gone: { value: 1 } }\n";
        String ours = base.replace("80", "8123");
        String theirs = "name: a\nports: { web: { value: 90, aliases: [y] }, api: { value: 70 } }\n";
        MergeResult merged = merge(base, ours, theirs);
        assertThat(merged.text())
                .isEqualTo("name: a\nports: { web: { value: 8123, aliases: [y] }, api: { value: 70 } }\n");
        assertThat(merged.conflicts()).isEmpty();
        assertThat(merge(base, base, theirs).text()).contains("value: 90,");
        assertThat(ManifestMerge.merge(base, ours, theirs, OURS.withPorts(Side.THEIRS))
                        .text())
                .isEqualTo(theirs);
    }

    @Test
    void without_a_base_nothing_is_lost_and_every_difference_is_a_conflict() {
        String ours = "name: a\nservices:\n  web: { image: x, env: { A: \"1\" } }\n  mine: { image: y }\n";
        String theirs = "name: a\nservices:\n  web: { image: z, workdir: w }\n  new:\n    # kept\n    image: n\n";
        MergeResult merged = ManifestMerge.adopt(ours, theirs, OURS);
        assertThat(merged.text())
                .isEqualTo(ours.replace("} }\n  mine", "}, workdir: \"w\" }\n  mine") + "  new:\n    image: n\n");
        assertThat(merged.conflicts())
                .extracting(MergeConflict::path)
                .containsExactly(List.of("services", "web", "image"));
        assertThat(merged.conflicts().get(0).base()).isEmpty();
    }

    @Test
    void what_is_shared_by_an_anchor_is_left_alone_and_reported() {
        String ours = "name: a\nservices:\n  a: &x { image: i, env: { A: \"1\" } }\n  b: *x\n";
        String base =
                "name: a\nservices:\n  a: { image: i, env: { A: \"1\" } }\n  b: { image: i, env: { A: \"1\" } }\n";
        MergeOptions theirs = OURS.withOnConflict(Side.THEIRS);
        MergeResult merged = ManifestMerge.merge(base, ours, base.replaceFirst("image: i", "image: j"), theirs);
        assertThat(merged.text()).isEqualTo(ours);
        assertThat(merged.conflicts()).extracting(MergeConflict::reason).containsExactly(Reason.SHARED);
    }

    @Test
    void a_text_that_is_no_manifest_is_named_by_its_side() {
        assertThatThrownBy(() -> merge("name: a", "name: [", "name: a"))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageStartingWith("ours:");
        assertThatThrownBy(() -> merge("[]", "name: a", "name: a")).hasMessageStartingWith("base:1:1");
        assertThatThrownBy(() -> merge("name: a", "name: a", "")).hasMessageStartingWith("theirs:");
    }

    @Test
    void or_by_what_its_file_is_called() {
        MergeOptions named = OURS.named(MergeOptions.Names.of("/root/angee.yaml", "stacks/s/angee.yaml"));
        assertThatThrownBy(() -> ManifestMerge.merge("a: 1", "a: [", "a: 1", named))
                .hasMessageStartingWith("/root/angee.yaml:1:");
        assertThatThrownBy(() -> ManifestMerge.merge("a: [", "a: 1", "a: 1", named))
                .hasMessageStartingWith("stacks/s/angee.yaml, as it was rendered the last time:1:");
        assertThatThrownBy(() -> ManifestMerge.adopt("a: 1", "a: [", named))
                .hasMessageStartingWith("stacks/s/angee.yaml:1:");
    }

    /** Each merge is made again, on the old base and on the new one: nothing may change. */
    private static MergeResult merge(String base, String ours, String theirs) {
        MergeResult merged = ManifestMerge.merge(base, ours, theirs, OURS);
        assertThat(ManifestMerge.merge(base, merged.text(), theirs, OURS).text())
                .isEqualTo(merged.text());
        MergeResult again = ManifestMerge.merge(theirs, merged.text(), theirs, OURS);
        assertThat(again).isEqualTo(new MergeResult(merged.text(), List.of(), List.of()));
        return merged;
    }
}

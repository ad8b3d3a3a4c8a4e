package dev.angee.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Histories of local edits and upgrades. What should come out is told leaf by leaf, by other code than the merge's. */
class ManifestMergePropertyTest {
    private static final int HISTORIES = 1_000;
    private static final int UPGRADES = 3;
    private static final List<String> SECTIONS = List.of("services", "jobs", "sources", "ingress");
    private static final List<String> NAMES = List.of("a", "b.c", "d-1");
    private static final List<String> FIELDS = List.of("image", "env", "command", "workdir");

    @Test
    void over_a_thousand_histories_no_edit_and_no_upgrade_is_lost_without_a_conflict_R26_C12() {
        int conflicts = 0;
        int quiet = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            String base = "name: x\n";
            base = edited(base, random, 12);
            String ours = "# the user's own words\n" + base;
            for (int i = 0; i < UPGRADES; i++) {
                ours = edited(ours, random, 3);
                String theirs = edited(base, random, 4);
                MergeResult merged = ManifestMerge.merge(base, ours, theirs, MergeOptions.defaults());
                check("seed " + seed + ", upgrade " + i, base, ours, theirs, merged);
                assertThat(merged.text()).startsWith("# the user's own words\n");
                conflicts += merged.conflicts().size();
                quiet += merged.conflicts().isEmpty() ? 1 : 0;
                base = theirs;
                ours = merged.text();
            }
        }
        assertThat(conflicts).as("conflicts").isGreaterThan(HISTORIES / 10);
        assertThat(quiet).as("merges without a conflict").isGreaterThan(HISTORIES);
    }

    private static void check(String name, String base, String ours, String theirs, MergeResult merged) {
        Map<List<String>, YamlValue> was = leaves(base);
        Map<List<String>, YamlValue> here = leaves(ours);
        Map<List<String>, YamlValue> there = leaves(theirs);
        Map<List<String>, YamlValue> is = leaves(merged.text());
        List<List<String>> paths = new ArrayList<>(was.keySet());
        paths.addAll(here.keySet());
        paths.addAll(there.keySet());
        for (List<String> path : paths) {
            Optional<YamlValue> b = Optional.ofNullable(was.get(path));
            Optional<YamlValue> o = Optional.ofNullable(here.get(path));
            Optional<YamlValue> t = Optional.ofNullable(there.get(path));
            boolean reported = merged.conflicts().stream().anyMatch(conflict -> covers(conflict.path(), path));
            if (!b.equals(o) && !b.equals(t) && !o.equals(t)) {
                assertThat(reported).as("%s: %s reported", name, path).isTrue();
            }
            Optional<YamlValue> expected = reported || b.equals(t) ? o : b.equals(o) ? t : o;
            assertThat(Optional.ofNullable(is.get(path)))
                    .as("%s: %s in%n%s%nof%n%s%n%s%n%s", name, path, merged.text(), base, ours, theirs)
                    .isEqualTo(expected);
        }
        MergeOptions options = MergeOptions.defaults();
        assertThat(ManifestMerge.merge(base, merged.text(), theirs, options).text())
                .as(name)
                .isEqualTo(merged.text());
        assertThat(ManifestMerge.merge(theirs, merged.text(), theirs, options).text())
                .as(name)
                .isEqualTo(merged.text());
    }

    private static boolean covers(List<String> prefix, List<String> path) {
        return prefix.size() <= path.size() && path.subList(0, prefix.size()).equals(prefix);
    }

    private static Map<List<String>, YamlValue> leaves(String text) {
        Map<List<String>, YamlValue> leaves = new LinkedHashMap<>();
        collect(
                List.of(),
                YamlValue.of(YamlSource.parse("x", text, YamlLimits.standard()).root()),
                leaves);
        return leaves;
    }

    private static void collect(List<String> path, YamlValue value, Map<List<String>, YamlValue> leaves) {
        if (value instanceof YamlValue.Fields map) {
            map.fields().forEach((key, field) -> {
                List<String> below = new ArrayList<>(path);
                below.add(key);
                collect(List.copyOf(below), field, leaves);
            });
        } else if (!value.isNull()) {
            leaves.put(path, value);
        }
    }

    private static String edited(String text, Random random, int edits) {
        ManifestEditor editor = ManifestEditor.of("x", text);
        for (int i = 0; i < edits; i++) {
            List<String> path = path(random);
            if (random.nextInt(3) == 0) {
                if (editor.has(path)) {
                    editor.remove(path);
                }
            } else if (mapsOnTheWay(editor.text(), path)) {
                editor.put(path, value(random, path.size()));
            }
        }
        return editor.text();
    }

    private static boolean mapsOnTheWay(String text, List<String> path) {
        Map<List<String>, YamlValue> leaves = leaves(text);
        return new TreeSet<>(List.of(1, 2, 3))
                .stream()
                        .filter(length -> length < path.size())
                        .noneMatch(length -> leaves.containsKey(path.subList(0, length)));
    }

    private static List<String> path(Random random) {
        List<String> path = new ArrayList<>(List.of(SECTIONS.get(random.nextInt(SECTIONS.size()))));
        path.add(NAMES.get(random.nextInt(NAMES.size())));
        if (random.nextInt(3) > 0) {
            String field = FIELDS.get(random.nextInt(FIELDS.size()));
            path.add(field);
            if (field.equals("env") && random.nextBoolean()) {
                path.add(NAMES.get(random.nextInt(NAMES.size())));
            }
        }
        return path;
    }

    private static Object value(Random random, int depth) {
        String text = "v" + random.nextInt(4);
        if (depth == 2) {
            return random.nextInt(8) == 0 ? text : Map.of("image", text, "env", Map.of("a", "v" + random.nextInt(3)));
        }
        return switch (random.nextInt(4)) {
            case 0 -> List.of(text);
            case 1 -> depth == 3 ? Map.of("a", text) : text;
            case 2 -> random.nextInt(3);
            default -> text;
        };
    }
}

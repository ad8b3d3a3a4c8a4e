package dev.angee.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.expression.Expression;
import dev.angee.golden.Corpus.Case;
import dev.angee.internal.yaml.YamlDocument;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.RuntimePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What holds for every manifest, whatever it says. */
class CorpusRulesTest {
    private static final Pattern LINE =
            Pattern.compile("(stack|volume|network|secret|service|job) .+| {2}[a-z][^:]*: .+");
    private static final int MUTATIONS = 4_000;
    private static final long SEED = 7;

    static List<Case> sound() {
        return Corpus.cases().stream()
                .filter(each -> plan(each.text()).isPresent())
                .toList();
    }

    static List<Case> broken() {
        return Corpus.cases().stream()
                .filter(each -> plan(each.text()).isEmpty())
                .toList();
    }

    private static Optional<RuntimePlan> plan(String text) {
        try {
            return Optional.of(Corpus.compile(Corpus.read(text)));
        } catch (InvalidDocumentException e) {
            return Optional.empty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void reading_and_compiling_twice_give_equals_and_the_same_bytes(Case golden) {
        Manifest manifest = Corpus.read(golden.text());
        assertThat(Corpus.read(golden.text())).isEqualTo(manifest).hasSameHashCodeAs(manifest);
        RuntimePlan plan = Corpus.compile(manifest);
        RuntimePlan again = Corpus.compile(Corpus.read(golden.text()));
        assertThat(again).isEqualTo(plan).hasSameHashCodeAs(plan);
        assertThat(again.print()).isEqualTo(plan.print());
        assertThat(plan.diff(again)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void a_printed_plan_is_one_line_a_value_and_has_no_blanks_at_the_ends_of_lines(Case golden) {
        String print = plan(golden.text()).orElseThrow().print();
        assertThat(print).endsWith("\n").doesNotContain("\n\n");
        assertThat(print.lines())
                .allMatch(LINE.asMatchPredicate())
                .allSatisfy(
                        line -> assertThat(line).isEqualTo(line.stripTrailing()).isNotEmpty());
        assertThat(print.chars().filter(c -> c != '\n' && Character.isISOControl(c)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void an_expression_is_the_text_that_was_written(Case golden) {
        Manifest manifest = Corpus.read(golden.text());
        List<WorkloadSpec> workloads = new ArrayList<>(manifest.services().values());
        workloads.addAll(manifest.jobs().values());
        for (WorkloadSpec workload : workloads) {
            assertThat(workload.expressions().values())
                    .allSatisfy(expression -> assertThat(
                                    Expression.parse(expression.text()).text())
                            .isEqualTo(expression.text()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void problems_are_sorted_said_once_and_have_a_place_in_the_file(Case golden) {
        assertSoundProblems(golden.text(), problems(golden.text()));
    }

    /** Of what is wrong with a value, the path is one that is written in the file; of what is missing, that it is missing from. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void the_path_of_a_problem_with_a_value_is_written_in_the_file(Case golden) {
        for (Problem problem : problems(golden.text())) {
            if (problem.kind() == Problem.Kind.SHAPE && !problem.path().isEmpty()) {
                Node root = YamlDocument.parse(Corpus.FILE, golden.text());
                assertThat(written(root)).contains(problem.path());
            }
        }
    }

    @Test
    void the_same_holds_for_mutations_of_the_corpus() {
        List<Tree> trees = ManifestSchemaTest.trees();
        Random random = new Random(SEED);
        int plans = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            String text = trees.get(random.nextInt(trees.size()))
                    .mutated(random, trees.get(random.nextInt(trees.size())))
                    .write();
            try {
                RuntimePlan plan = Corpus.compile(Corpus.read(text));
                assertThat(Corpus.compile(Corpus.read(text))).isEqualTo(plan);
                assertThat(plan.print().lines()).as(text).allMatch(LINE.asMatchPredicate());
                plans++;
            } catch (InvalidDocumentException e) {
                assertSoundProblems(text, e.problems());
            } catch (RuntimeException e) {
                throw new AssertionError("of " + text, e);
            }
        }
        assertThat(plans).isGreaterThan(MUTATIONS / 10);
    }

    /** What is printed is what is compared: of manifests that say everything, each place with other values in it. */
    @Test
    void plans_print_alike_if_and_only_if_they_are_alike() {
        int alike = 0;
        int different = 0;
        for (Case full : sound()) {
            if (full.name().matches("(services|jobs|volumes)/every-field.*|lists/.*-forms")) {
                RuntimePlan plan = placeless(plan(full.text()).orElseThrow());
                String print = plan.print();
                for (Tree neighbour :
                        Tree.of(YamlDocument.parse(Corpus.FILE, full.text())).neighbours()) {
                    RuntimePlan other = plan(neighbour.write())
                            .map(CorpusRulesTest::placeless)
                            .orElse(plan);
                    assertThat(other.print().equals(print))
                            .as("%s%n%s%n%s", full, plan, other)
                            .isEqualTo(other.equals(plan));
                    alike += other.equals(plan) ? 1 : 0;
                    different += other.equals(plan) ? 0 : 1;
                }
            }
        }
        assertThat(alike).isGreaterThan(1_000);
        assertThat(different).isGreaterThan(1_000);
    }

    /** Places are in the file, and a mutation moves all of them. */
    private static RuntimePlan placeless(RuntimePlan plan) {
        return new RuntimePlan(
                plan.project(), plan.root(), plan.workloads(), plan.volumes(), plan.networks(), java.util.Map.of());
    }

    private static List<Problem> problems(String text) {
        try {
            Corpus.compile(Corpus.read(text));
            return List.of();
        } catch (InvalidDocumentException e) {
            return e.problems();
        } catch (AngeeException e) {
            throw new AssertionError("typed, but not with a place", e);
        }
    }

    private static void assertSoundProblems(String text, List<Problem> problems) {
        List<String> lines = text.lines().toList();
        assertThat(problems).isNotEmpty().isSorted().doesNotHaveDuplicates();
        for (Problem problem : problems) {
            assertThat(problem.file()).isEqualTo(Corpus.FILE);
            assertThat(problem.line()).as("%s", problem).isBetween(1, lines.size() + 1);
            String line = problem.line() > lines.size() ? "" : lines.get(problem.line() - 1);
            assertThat(problem.column()).as("%s", problem).isBetween(1, line.codePointCount(0, line.length()) + 1);
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.toString().lines()).hasSize(1);
        }
    }

    /** The path of every value of the document. */
    private static List<String> written(Node root) {
        List<String> paths = new ArrayList<>();
        collect(root, "", paths);
        return paths;
    }

    private static void collect(Node node, String path, List<String> paths) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                String at = key.equals("<<") || key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
                paths.add(at);
                collect(tuple.getValueNode(), at, paths);
            }
        } else if (node instanceof SequenceNode sequence) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                paths.add(path + "[" + i + "]");
                collect(sequence.getValue().get(i), path + "[" + i + "]", paths);
            }
        }
    }
}

package dev.angee.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.ContainerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTextTest {
    private static final Path ROOT = Path.of("/srv/golden/.angee");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A: \"1\"\n  user",
                "A\n  user: \"root\"\n  env.B",
                "a: b",
                "",
                " ",
                "\u202e",
                "\u001b[2K",
                "\"A\"",
                "é"
            })
    void a_name_cannot_pass_for_another_line_or_value(String name) {
        List<Function<WorkloadBuilder, WorkloadBuilder>> places = List.of(
                workload -> workload.variables(Map.of(name, Text.of("x"))),
                workload -> workload.container(ContainerOptions.standard().label(name, "x")),
                workload -> workload.container(ContainerOptions.standard().extraHost(name, "x")));
        for (Function<WorkloadBuilder, WorkloadBuilder> place : places) {
            String print = plan(place.apply(container()).build()).print();
            assertThat(print.lines()).hasSize(4);
            assertThat(print.chars().filter(c -> c != '\n' && Character.isISOControl(c)))
                    .isEmpty();
            assertThat(print).doesNotContain("\u202e").contains(".\"").endsWith("\": \"x\"\n");
        }
    }

    @Test
    void equal_plans_print_the_same_bytes_in_whatever_order_they_were_made() {
        List<String> prints = new ArrayList<>();
        for (UnaryOperator<List<String>> order :
                List.<UnaryOperator<List<String>>>of(names -> names, names -> List.of(names.get(1), names.get(0)))) {
            Map<String, String> args = new LinkedHashMap<>();
            Map<String, Text> env = new LinkedHashMap<>();
            order.apply(List.of("A", "B")).forEach(name -> {
                args.put(name, "x");
                env.put(name, Text.of("x"));
            });
            Launch build = new Launch.Build(Optional.empty(), ROOT, Optional.empty(), Optional.empty(), args);
            prints.add(
                    plan(Workload.service("web", build).variables(env).build()).print());
        }
        assertThat(prints.get(0)).isEqualTo(prints.get(1));
    }

    /** Texts made of what looks alike, compared with one another: what prints alike is alike. */
    @Test
    void no_two_values_print_alike() {
        List<Text> pieces = List.of(
                Text.of("$"),
                Text.of("{"),
                Text.of("${secret.db}"),
                Text.of("secret.db}"),
                Text.of("\\u{24}"),
                Text.of("\n"),
                Text.of("\\n"),
                Text.of("\""),
                Text.secret(new SecretName("db")));
        Map<String, Text> byPrint = new HashMap<>();
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            Text value = Text.of("");
            for (int n = random.nextInt(5); n >= 0; n--) {
                value = value.plus(pieces.get(random.nextInt(pieces.size())));
            }
            String print =
                    plan(container().variables(Map.of("A", value)).build()).print();
            assertThat(byPrint.getOrDefault(print, value)).as(print).isEqualTo(value);
            byPrint.put(print, value);
        }
        assertThat(byPrint.size()).isGreaterThan(5_000);
    }

    @Test
    void a_driver_cannot_pass_for_another_line() {
        RuntimePlan plan = plan(container().build());
        RuntimePlan forged = new RuntimePlan(
                plan.project(),
                plan.root(),
                plan.workloads(),
                List.of(new PlannedVolume("data", "local\nservice x (local)")),
                List.of(),
                Map.of());
        assertThat(forged.print().lines())
                .contains("volume data by \"local\\nservice x (local)\"")
                .hasSize(4);
    }

    private static WorkloadBuilder container() {
        return Workload.service("web", new Launch.Image("busybox"));
    }

    private static RuntimePlan plan(Workload workload) {
        return RuntimePlan.of(ProjectName.of("golden", ROOT), ROOT, List.of(workload));
    }
}

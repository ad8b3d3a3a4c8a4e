package dev.angee.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.agent.AgentHardening;
import dev.angee.plan.Dependency;
import dev.angee.plan.Launch;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.template.Template;
import dev.angee.template.TemplateFile;
import dev.angee.workload.Condition;
import dev.angee.workload.DockerAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bundled templates, each with every choice of its switches. What they make is written in
 * {@code src/test/resources/bundled}; {@code -Dgolden.update=true} writes it anew.
 */
class BundledRenderingTest {
    private static final Path GOLDEN = Path.of("src/test/resources/bundled");

    /** What a manifest takes no references in: with one, the plan is refused. */
    private static final List<String> LITERAL =
            List.of("image", "node_image", "cli_version", "acp_version", "user", "container_runtime");

    @TempDir
    Path root;

    static Stream<String> templates() {
        return BundledCase.SWITCHES.keySet().stream();
    }

    /** With those that are rendered in {@link BundledTemplatesTest}. */
    static Stream<String> documented() {
        return Stream.concat(templates(), Stream.of("stacks/dev", "workspaces/dev"));
    }

    static Stream<BundledCase> cases() {
        return templates().flatMap(ref -> BundledCase.all(ref).stream());
    }

    static Stream<BundledCase> services() {
        return cases().filter(BundledCase::isService);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void every_choice_renders_to_these_files(String ref) throws IOException {
        StringBuilder text = new StringBuilder();
        Map<String, String> before = new HashMap<>();
        for (BundledCase each : BundledCase.all(ref)) {
            text.append("==== ").append(each).append('\n');
            each.files().forEach((path, content) -> {
                boolean same = content.equals(before.put(path, content));
                text.append("---- ").append(path).append(same ? " (as before)\n" : "\n" + content);
            });
        }
        Path golden = GOLDEN.resolve(ref.replace('/', '-') + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, text);
        }
        assertThat(text.toString()).isEqualTo(Files.readString(golden));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void every_choice_compiles_so_its_grammar_is_the_real_one_R25_C20(BundledCase chosen) {
        RuntimePlan plan = chosen.plan(root);
        assertThat(plan.workloads()).isNotEmpty();
        assertThat(plan.workloads().stream()
                        .filter(each ->
                                each.name().equals("operator") || each.name().equals("shop-w1")))
                .singleElement()
                .satisfies(service -> {
                    assertThat(service.runtime()).isEqualTo(RuntimeKind.CONTAINER);
                    assertThat(service.health()).isPresent();
                    assertThat(service.ports())
                            .allSatisfy(port -> assertThat(port.address()).isEqualTo("127.0.0.1"));
                });
        assertThat(plan.print()).doesNotContain("${alloc", "${inputs", "[=", "[#");
    }

    @ParameterizedTest
    @MethodSource("services")
    void a_service_yaml_holds_one_service_and_jobs_that_bear_its_name(BundledCase chosen) {
        Map<String, Object> document = BundledCase.yaml(chosen.files().get("service.yaml"));
        assertThat(document.keySet()).isSubsetOf("services", "jobs");
        assertThat(BundledCase.map(document.get("services")).keySet()).containsExactly("shop-w1");
        if (document.containsKey("jobs")) {
            assertThat(BundledCase.map(document.get("jobs")).keySet())
                    .isNotEmpty()
                    .allMatch(job -> job.startsWith("shop-w1-"));
        }
    }

    @ParameterizedTest
    @MethodSource("documented")
    void every_input_says_what_it_is_for_and_what_is_required_has_no_default(String ref) {
        Map<String, Object> metadata = BundledCase.yaml(metadata(ref));
        Map<String, Object> inputs =
                BundledCase.map(BundledCase.map(metadata.get("_angee")).get("inputs"));
        assertThat(inputs).isNotEmpty();
        inputs.forEach((name, input) -> {
            assertThat(BundledCase.map(input)).as(name).containsKeys("type", "help");
            assertThat(BundledCase.map(input).containsKey("default")
                            ^ BundledCase.map(input).containsKey("required"))
                    .as(name)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("documented")
    void the_documentation_has_every_input_with_its_default_and_its_help(String ref) throws IOException {
        String page = Files.readString(Path.of("../docs/bundled-templates.md"));
        BundledCase.map(BundledCase.map(BundledCase.yaml(metadata(ref)).get("_angee"))
                        .get("inputs"))
                .forEach((name, input) -> {
                    Map<String, Object> said = BundledCase.map(input);
                    Object standard = said.get("default");
                    String written = standard instanceof List<?> list
                            ? "["
                                    + String.join(
                                            ",",
                                            list.stream()
                                                    .map(each -> '"' + each.toString() + '"')
                                                    .toList()) + "]"
                            : String.valueOf(standard);
                    String shown = said.containsKey("required")
                            ? " required "
                            : written.isEmpty() ? "  " : " `" + written + "` ";
                    assertThat(page).contains("\n| `" + name + "` |" + shown + "| " + said.get("help") + " |\n");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "services/agent-claude,acp,8300-8399,agent-${workspace.name}-claude",
        "services/agent-codex,acp,8300-8399,agent-${workspace.name}-codex",
        "services/agent-opencode,acp,8300-8399,agent-${workspace.name}-opencode",
        "services/web-go,web,8100-8199,${workspace.name}-web",
        "services/web-php,web,8100-8199,${workspace.name}-web",
    })
    void a_service_makes_sure_of_the_pool_that_its_port_is_from_and_names_itself_C20(
            String ref, String pool, String range, String pattern) {
        Template template = new BundledCase(ref, Map.of()).template();
        assertThat(template.metadata().ensure())
                .isEqualTo(Map.of("operator.port_pool." + pool, Map.of("range", range)));
        assertThat(template.metadata().namePattern())
                .hasValueSatisfying(written -> assertThat(written.text()).isEqualTo(pattern));
        String files = template.files().files().stream()
                .map(file -> new String(file.content(), StandardCharsets.UTF_8))
                .reduce("", String::concat);
        assertThat(files).contains("[=alloc_" + pool + "]").doesNotContain("${alloc", "${secret:");
    }

    @ParameterizedTest
    @CsvSource({
        "services/agent-claude,anthropic-api-key,ANTHROPIC_API_KEY",
        "services/agent-codex,openai-api-key,OPENAI_API_KEY",
        "services/agent-opencode,anthropic-api-key,ANTHROPIC_API_KEY",
    })
    void an_agent_has_no_capabilities_a_share_of_the_machine_no_engine_and_a_key_that_is_nowhere_written(
            String ref, String secret, String variable) {
        for (BundledCase chosen : BundledCase.all(ref)) {
            Workload agent = only(chosen.plan(root));
            assertThat(agent.container().labels()).containsEntry(AgentHardening.LABEL, ref.substring(15));
            assertThat(agent.container().hardening().capDrop()).containsExactly("ALL");
            assertThat(agent.container().hardening().capAdd()).isEmpty();
            assertThat(agent.container().hardening().noNewPrivileges()).isTrue();
            assertThat(agent.container().dockerAccess()).isEqualTo(DockerAccess.NONE);
            assertThat(agent.limits().memory()).isPresent();
            assertThat(agent.limits().pids()).isPresent();
            assertThat(agent.user()).contains("1000:1000");
            assertThat(agent.container().runtime().orElse(""))
                    .isEqualTo(chosen.inputs().get("container_runtime"));
            assertThat(agent.environment().get(variable)).isNotNull().satisfies(text -> {
                assertThat(text.plain()).isEmpty();
                assertThat(text.toString()).contains(secret);
            });
            assertThat(agent.ports()).hasSize(chosen.inputs().get("acp").equals("true") ? 1 : 0);
            String image = chosen.inputs().getOrDefault("image", "");
            if (image.isEmpty()) {
                assertThat(agent.launch())
                        .isInstanceOfSatisfying(
                                Launch.Build.class,
                                build -> assertThat(build.context()).isEqualTo(root.resolve("services/shop-w1")));
            } else {
                assertThat(agent.launch()).isEqualTo(new Launch.Image(image));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"services/agent-claude", "services/agent-codex", "services/agent-opencode"})
    void every_argument_that_a_dockerfile_takes_is_given_by_the_service(String ref) {
        BundledCase chosen = new BundledCase(ref, Map.of());
        String recipe = chosen.files().getOrDefault("Dockerfile", "");
        assertThat(only(chosen.plan(root)).launch())
                .isInstanceOfSatisfying(
                        Launch.Build.class,
                        build -> assertThat(recipe.lines()
                                        .filter(line -> line.startsWith("ARG "))
                                        .map(line -> line.substring(4).split("=", 2)[0]))
                                .containsExactlyInAnyOrderElementsOf(
                                        build.args().keySet()));
    }

    @ParameterizedTest
    @CsvSource({"services/web-go", "services/web-php"})
    void a_web_service_waits_for_its_build_on_this_host_if_there_is_one(String ref) {
        for (BundledCase chosen : BundledCase.all(ref)) {
            Map<String, Workload> all = new TreeMap<>();
            chosen.plan(root).workloads().forEach(each -> all.put(each.name(), each));
            Workload service = all.get("shop-w1");
            assertThat(service).isNotNull();
            if ("[]".equals(chosen.inputs().get("build"))) {
                assertThat(all).containsOnlyKeys("shop-w1");
                assertThat(service.dependencies()).isEmpty();
            } else {
                assertThat(all).containsOnlyKeys("shop-w1", "shop-w1-build");
                assertThat(all.get("shop-w1-build").runtime()).isEqualTo(RuntimeKind.LOCAL);
                assertThat(all.get("shop-w1-build").isJob()).isTrue();
                assertThat(service.dependencies())
                        .containsExactly(new Dependency("shop-w1-build", Condition.COMPLETED));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void no_input_breaks_out_of_its_place(String ref) {
        for (String nasty :
                List.of("a\"b", "it's", "a: b", "ü 😀", "a\njobs: {}", "a # b", "[x]", "\\", "- a", "[=x]")) {
            Map<String, String> inputs =
                    new TreeMap<>(BundledCase.all(ref).get(0).inputs());
            BundledCase plain = new BundledCase(ref, inputs);
            Template template = plain.template();
            template.metadata().inputs().forEach((name, input) -> {
                boolean free = input.type() == dev.angee.template.InputType.STR
                        && input.choices().isEmpty()
                        && !isRefused(plain.with(Map.of(name, nasty)), input);
                if (free) {
                    Map<String, String> files = plain.with(Map.of(name, nasty)).files();
                    String document = files.getOrDefault("service.yaml", files.getOrDefault("angee.yaml", ""));
                    String before = plain.files()
                            .getOrDefault("service.yaml", plain.files().getOrDefault("angee.yaml", ""));
                    assertThat(keys(BundledCase.yaml(document), name.equals("image")))
                            .as(name + " of " + nasty)
                            .isEqualTo(keys(BundledCase.yaml(before), name.equals("image")));
                }
            });
        }
    }

    /** By the validator of an input that has one. */
    private static boolean isRefused(BundledCase chosen, dev.angee.template.InputSpec input) {
        if (input.validator().isEmpty()) {
            return false;
        }
        try {
            return chosen.files().isEmpty();
        } catch (InvalidInputException e) {
            return e.field().equals(input.name());
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void a_reference_in_an_input_is_text_unless_it_is_in_the_words_of_a_command_S7(BundledCase chosen) {
        String secret = "${secret.operator-token}";
        chosen.template().metadata().inputs().forEach((name, input) -> {
            BundledCase told = chosen.with(Map.of(name, name.equals("health_path") ? "/" + secret : secret));
            boolean free = input.type() == dev.angee.template.InputType.STR
                    && input.choices().isEmpty()
                    && !LITERAL.contains(name)
                    && !isRefused(told, input);
            if (free) {
                assertThat(told.plan(root).secrets())
                        .as(name)
                        .isEqualTo(chosen.plan(root).secrets());
            }
        });
    }

    @Test
    void what_an_input_holds_is_what_the_service_has_dollars_too() {
        for (String text : List.of("/a${x}", "/a$${x}", "/a$$${x}${", "/$a$", "/a$\\0")) {
            Workload agent = only(new BundledCase("services/agent-claude", Map.of("home", text)).plan(root));
            assertThat(agent.environment().get("HOME").plain()).contains(text);
        }
    }

    /** The shape of a document: its keys; an image given in place of a build is none of it. */
    private static Object keys(Object node, boolean chooses) {
        if (node instanceof Map<?, ?> map) {
            Map<Object, Object> shape = new TreeMap<>();
            map.forEach((key, value) -> {
                boolean launch = chooses && (key.equals("image") || key.equals("build"));
                if (!launch && !key.equals("container_runtime")) {
                    shape.put(key, keys(value, chooses));
                }
            });
            return shape;
        }
        return node instanceof List<?> list
                ? list.stream().map(each -> keys(each, chooses)).toList()
                : "";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "stacks/local|tls|on|'on' is none of: auto, off",
                "stacks/local|edge|perhaps|'perhaps' is neither true nor false",
                "stacks/local|operator_command|serve|is no JSON",
                "stacks/local|operator_command|[1]|every word must be in quotes",
                "stacks/local|operator_image|``|operator_image",
                "stacks/local|database_port|x|'x' is no whole number",
                "services/web-go|arguments|[true]|every word must be in quotes",
                "services/web-php|build|[[]]|every word must be in quotes",
                "services/web-go|package|-toolexec=touch x|is no package",
                "services/web-go|package|-o=x|is no package",
                "services/web-go|package|../other|is no package",
                "services/web-go|package|./a/../../b|is no package",
                "services/web-go|package|/srv/other|is no package",
                "services/web-go|package|``|is no package",
                "services/web-go|subpath|../other|must be a folder below",
                "services/web-go|subpath|a/../../other|must be a folder below",
                "services/web-go|subpath|/etc|must be a folder below",
                "services/web-php|subpath|..|must be a folder below",
                "services/web-php|subpath|a:/etc:/x|must be a folder below",
                "services/web-php|docroot|../../etc|must be a folder below",
                "services/web-php|docroot|/etc|must be a folder below",
                "services/agent-claude|subpath|a/..|must be a folder below",
                "services/agent-codex|subpath|../w2|must be a folder below",
                "services/agent-opencode|subpath|/|must be a folder below",
                "services/agent-claude|secret|x} ${secret.operator-token|cannot be the name of a secret",
                "services/agent-codex|secret|``|cannot be the name of a secret",
                "services/agent-opencode|secret|a b|cannot be the name of a secret",
                "services/agent-opencode|key_variable|A B|'A B' cannot be the variable of a key",
                "services/agent-opencode|key_variable|HOME|'HOME' cannot be the variable of a key",
            })
    void an_input_that_makes_no_sense_is_refused(String ref, String input, String value, String message) {
        for (BundledCase each : BundledCase.all(ref)) {
            assertThatThrownBy(each.with(Map.of(input, value))::files)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "services/web-go,package,./cmd/shop",
        "services/web-go,package,example.org/shop/cmd/a..b",
        "services/web-go,subpath,a..b/c",
        "services/web-php,docroot,web/public",
        "services/agent-claude,secret,a.b_c-1"
    })
    void an_input_that_makes_sense_is_taken(String ref, String input, String value) {
        assertThat(new BundledCase(ref, Map.of(input, value)).files().get("service.yaml"))
                .contains(value);
    }

    @Test
    void what_is_built_is_no_option_of_the_compiler_whatever_it_is() {
        Workload build = new BundledCase("services/web-go", Map.of())
                .plan(root).workloads().stream()
                        .filter(Workload::isJob)
                        .findFirst()
                        .orElseThrow();
        assertThat(build.command().get(2)).endsWith("-o \"$out/app\" -- \"$3\"");
    }

    @Test
    void only_the_operator_and_the_edge_command_the_engine() {
        for (BundledCase chosen : BundledCase.all("stacks/local")) {
            boolean edge = "true".equals(chosen.inputs().get("edge"));
            assertThat(chosen.plan(root).workloads().stream()
                            .filter(each -> each.container().dockerAccess() == DockerAccess.SOCKET)
                            .map(Workload::name))
                    .containsExactlyElementsOf(edge ? List.of("edge", "operator") : List.of("operator"));
        }
    }

    private static Workload only(RuntimePlan plan) {
        assertThat(plan.workloads()).hasSize(1);
        return plan.workloads().get(0);
    }

    private static String metadata(String ref) {
        return new BundledTemplates()
                .find(ref).orElseThrow().files().stream()
                        .filter(file -> file.path().equals("copier.yml"))
                        .map(TemplateFile::content)
                        .map(content -> new String(content, StandardCharsets.UTF_8))
                        .findFirst()
                        .orElseThrow();
    }
}

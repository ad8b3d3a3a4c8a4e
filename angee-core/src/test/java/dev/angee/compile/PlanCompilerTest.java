package dev.angee.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.RuntimeKind;
import dev.angee.document.InvalidDocumentException;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.mount.HostPaths;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanCompilerTest {
    private static final Path ROOT = Path.of("/srv/shop/.angee");
    private static final String MANIFEST = """
            name: shop
            ports: { web: { value: 8101 } }
            volumes: { data: {} }
            sources:
              app: { kind: local, path: ../app }
              lib: { kind: git, repo: "https://example.org/lib.git" }
            services:
              web:
                runtime: local
                command: [serve, "${ports.web}", "$HOME", "${name}", "$${X}"]
                env: { URL: "http://127.0.0.1:${ports.web}/", SRC: "${source.app}" }
                mounts: ["source://lib/pkg:/lib"]
                workdir: source://app/web
                depends_on: { db: { condition: healthy }, migrate: {} }
                healthcheck: { http: { port: "${ports.web}", path: health } }
              db:
                runtime: container
                image: postgres
                ports: ["127.0.0.1:5432:5432", "9000:9000/udp", "80"]
                mounts: ["volume://data:/var/lib", "source://app:/srv/app:ro"]
                workdir: source://app/db
                healthcheck: { exec: [pg_isready], interval: 1s, timeout: 2s, retries: 4, start_period: 5s }
            jobs:
              migrate: { runtime: container, image: migrate, after_migrate: x }
            """.replace(", after_migrate: x", "");

    @Test
    void everything_in_a_plan_is_final() {
        RuntimePlan plan = compile(MANIFEST);
        Workload web = plan.workload("web").orElseThrow();
        assertThat(web.command()).containsExactly("serve", "8101", "$HOME", "web", "${X}");
        assertThat(web.environment())
                .isEqualTo(Map.of(
                        "URL", Text.of("http://127.0.0.1:8101/"),
                        "SRC", Text.of("/srv/shop/app"),
                        "SOURCE_LIB_PKG_PATH", Text.of("/srv/shop/.angee/sources/lib/pkg")));
        assertThat(web.workdir()).contains("/srv/shop/app/web");
        assertThat(web.mounts()).isEmpty();
        assertThat(web.dependencies())
                .containsExactlyInAnyOrder(
                        new Dependency("db", Condition.HEALTHY), new Dependency("migrate", Condition.COMPLETED));
        assertThat(web.health().orElseThrow().probe()).isEqualTo(new HealthCheck.Http(8101, "/health"));
    }

    @Test
    void a_container_gets_ports_mounts_and_a_working_directory_inside_R4() {
        RuntimePlan plan = compile(MANIFEST);
        Workload db = plan.workload("db").orElseThrow();
        assertThat(db.ports())
                .containsExactly(
                        new PublishedPort("127.0.0.1", 5432, 5432, PublishedPort.Protocol.TCP),
                        new PublishedPort("0.0.0.0", 9000, 9000, PublishedPort.Protocol.UDP),
                        new PublishedPort("0.0.0.0", 0, 80, PublishedPort.Protocol.TCP));
        assertThat(db.mounts())
                .containsExactly(
                        new PlannedMount.Volume("data", "/var/lib", false),
                        new PlannedMount.Bind(Path.of("/srv/shop/app"), "/srv/app", true));
        assertThat(db.workdir()).contains("/srv/app/db");
        assertThat(plan.volumes()).containsExactly(new PlannedVolume("data", "local"));
    }

    @Test
    void services_come_before_jobs_and_each_runtime_has_its_part() {
        RuntimePlan plan = compile(MANIFEST);
        assertThat(plan.workloads()).extracting(Workload::name).containsExactly("db", "web", "migrate");
        assertThat(plan.only(RuntimeKind.LOCAL).workloads())
                .extracting(Workload::name)
                .containsExactly("web");
        assertThat(plan.project()).hasToString("shop-" + plan.project().value().substring(5));
    }

    @Test
    void compiling_twice_gives_the_same_text() {
        assertThat(compile(MANIFEST))
                .isEqualTo(compile(MANIFEST))
                .hasToString(compile(MANIFEST).toString());
    }

    @Test
    void a_planned_value_knows_where_it_was_written() {
        assertThat(compile(MANIFEST).explain("services.db.ports[1]")).hasToString("Optional[angee.yaml:19:36]");
        assertThat(compile(MANIFEST).explain("services.nope")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "command: ['${ports.wbe}']                                  -> ports.web",
                "command: [x], env: {A: '${secret.x}'}                      -> 'secret.x' is not declared",
                "command: [x], healthcheck: {tcp: {port: '${name}'}}        -> 'a' is not a port",
                "command: [x], mounts: ['source://app/../..:/x']            -> '..' would leave the source",
                "command: [x], mounts: ['volume://nope:/x']                 -> volume 'nope' is not declared",
            })
    void what_cannot_be_planned_is_a_problem_with_a_place(String row) {
        String[] parts = row.split(" +-> ", 2);
        String manifest = "name: x\nports: {web: {value: 1}}\nvolumes: {data: {}}\n"
                + "sources: {app: {kind: local, path: app}}\nservices: {a: {runtime: local, " + parts[0] + "}}\n";
        assertThatThrownBy(() -> compile(manifest))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("angee.yaml:5:")
                .hasMessageContaining(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ports: ['80:']                     -> is not a port such as",
                "ports: ['99999:80']                -> is not a port such as",
                "ports: ['8000-8010:80']            -> is not a port such as",
                "workdir: 'source://app'            -> is not mounted",
            })
    void what_a_container_cannot_have_is_a_problem(String row) {
        String[] parts = row.split(" +-> ", 2);
        String manifest = "name: x\nsources: {app: {kind: local, path: app}}\n"
                + "services: {a: {runtime: container, image: i, " + parts[0] + "}}\n";
        assertThatThrownBy(() -> compile(manifest)).hasMessageContaining(parts[1]);
    }

    @Test
    void the_project_is_named_after_the_path_that_the_engine_knows_the_root_by() {
        Path outside = Path.of("/home/me/one");
        HostPaths mounted = HostPaths.inContainer(List.of(new HostPaths.Prefix(ROOT, Optional.of(outside))));
        HostPaths elsewhere =
                HostPaths.inContainer(List.of(new HostPaths.Prefix(Path.of("/somewhere/else"), Optional.of(outside))));
        assertThat(compile("name: x\n", mounted).project()).isEqualTo(ProjectName.of("x", outside));
        assertThat(compile("name: x\n", mounted).root()).isEqualTo(ROOT);
        assertThat(compile("name: x\n", elsewhere).project()).isEqualTo(ProjectName.of("x", ROOT));
        assertThat(compile("name: x\n").project()).isEqualTo(ProjectName.of("x", ROOT));
    }

    private static RuntimePlan compile(String text) {
        return compile(text, HostPaths.identity());
    }

    private static RuntimePlan compile(String text, HostPaths paths) {
        Manifest manifest = new ManifestReader().read("angee.yaml", text);
        Surroundings surroundings = Surroundings.none().hostPaths(paths);
        return new PlanCompiler()
                .compile(manifest, new Resolver().resolve(manifest, StackLayout.of(ROOT), surroundings), List.of());
    }
}

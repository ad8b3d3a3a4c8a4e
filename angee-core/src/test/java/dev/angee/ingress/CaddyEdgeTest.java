package dev.angee.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.agent.AgentHardening;
import dev.angee.compile.PlanCompiler;
import dev.angee.compile.PlanTransform;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import dev.angee.workload.Condition;
import dev.angee.workload.DockerAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CaddyEdgeTest {
    private static final String SERVICES = """
            services:
              web: { runtime: container, image: w, ports: ["8080:80"], networks: [more], route: { port: 80 } }
              api: { runtime: container, image: a, route: { port: 9000, auth: none } }
              db: { runtime: container, image: d, ports: ["5432:5432"] }
            """;

    @Test
    void a_routed_service_stays_on_the_stacks_own_network_and_is_on_the_edges_too_R3() {
        RuntimePlan plan = compile("name: shop\ningress: {type: caddy, domain: example.org}\n" + SERVICES);
        assertThat(workload(plan, "web").container().networks()).containsExactly("more", "shop_edge");
        assertThat(workload(plan, "web").ports()).isEmpty();
        assertThat(workload(plan, "db").container().networks()).isEmpty();
        assertThat(workload(plan, "db").ports()).hasSize(1);
        assertThat(plan.networks()).containsExactly("more", "shop_edge");
    }

    @Test
    void bringing_up_a_routed_service_brings_up_the_edge_R2() {
        RuntimePlan plan = compile("name: shop\ningress: {type: caddy}\n" + SERVICES);
        assertThat(workload(plan, "web").dependencies()).contains(new Dependency("edge", Condition.STARTED));
        assertThat(workload(plan, "db").dependencies()).isEmpty();
        Workload edge = workload(plan, "edge");
        assertThat(edge.ports()).hasToString("[0.0.0.0:443:443/tcp, 0.0.0.0:80:80/tcp]");
        assertThat(edge.container().dockerAccess()).isEqualTo(DockerAccess.SOCKET);
        assertThat(plan.workloads()).extracting(Workload::name).containsExactly("api", "db", "edge", "web");
    }

    @Test
    void by_host_each_service_is_a_site_of_its_own() {
        RuntimePlan plan =
                compile("name: shop\ningress: {type: caddy, domain: example.org, verify: 'gate:1'}\n" + SERVICES);
        assertThat(workload(plan, "web").container().labels())
                .isEqualTo(Map.of(
                        "caddy", "web.example.org",
                        "caddy.reverse_proxy", "{{upstreams 80}}",
                        "caddy.reverse_proxy.flush_interval", "-1",
                        "caddy.forward_auth", "gate:1",
                        "caddy.forward_auth.uri", "/edge/verify?service=web"));
        assertThat(workload(plan, "api").container().labels())
                .isEqualTo(Map.of(
                        "caddy", "api.example.org",
                        "caddy.reverse_proxy", "{{upstreams 9000}}",
                        "caddy.reverse_proxy.flush_interval", "-1"));
    }

    @Test
    void by_path_all_services_share_one_site_and_the_root_path_is_no_double_slash() {
        RuntimePlan plan = compile("""
                name: My Shop!
                operator: { domain: example.org }
                ingress: { type: caddy, routing: path, tls: off, port: 8088 }
                services:
                  web: { runtime: container, image: w, route: { port: 80, path: / } }
                  api: { runtime: container, image: a, route: { port: 81, path: /v1/api/, auth: none } }
                """);
        assertThat(workload(plan, "api").container().labels())
                .isEqualTo(Map.of(
                        "caddy", "http://example.org",
                        "caddy.0_handle_path", "/v1/api/*",
                        "caddy.0_handle_path.reverse_proxy", "{{upstreams 81}}",
                        "caddy.0_handle_path.reverse_proxy.flush_interval", "-1"));
        assertThat(workload(plan, "web").container().labels())
                .containsEntry("caddy.1_handle_path", "/*")
                .containsEntry("caddy.1_handle_path.forward_auth", "operator:9000");
        assertThat(workload(plan, "edge").ports()).hasToString("[0.0.0.0:8088:80/tcp]");
        assertThat(plan.networks()).containsExactly("My-Shop-_edge");
    }

    @Test
    void without_an_ingress_nothing_is_added() {
        Manifest manifest = read("name: shop\n" + SERVICES);
        assertThat(CaddyEdge.of(manifest)).isEmpty();
    }

    @Test
    void what_was_added_says_so() {
        RuntimePlan plan = compile("name: shop\ningress: {type: caddy}\n" + SERVICES);
        assertThat(plan.explain("services.edge.image")).hasToString("Optional[angee.yaml:2:10 (transform caddy-edge)]");
        assertThat(plan.explain("services.web.labels.caddy").orElseThrow().toString())
                .contains("transform caddy-edge");
    }

    @Test
    void an_agents_container_is_hardened_unless_the_manifest_says_otherwise() {
        RuntimePlan plan = compile("""
                name: shop
                services:
                  agent: { runtime: container, image: a, labels: { dev.angee.agent: claude }, limits: { memory: 1g } }
                  db: { runtime: container, image: d }
                """);
        RuntimePlan hard = new AgentHardening().apply(plan);
        assertThat(workload(hard, "db")).isEqualTo(workload(plan, "db"));
        Workload agent = workload(hard, "agent");
        assertThat(agent.container().hardening().capDrop()).containsExactly("ALL");
        assertThat(agent.container().hardening().noNewPrivileges()).isTrue();
        assertThat(agent.limits().memory()).isEqualTo(OptionalLong.of(1L << 30));
        assertThat(agent.limits().pids()).isEqualTo(OptionalInt.of(512));
    }

    private static Workload workload(RuntimePlan plan, String name) {
        return plan.workload(name).orElseThrow();
    }

    private static Manifest read(String text) {
        return new ManifestReader().read("angee.yaml", text);
    }

    private static RuntimePlan compile(String text) {
        Manifest manifest = read(text);
        List<PlanTransform> transforms =
                CaddyEdge.of(manifest).map(List::<PlanTransform>of).orElse(List.of());
        StackLayout layout = StackLayout.of(Path.of("/srv/shop/.angee"));
        return new PlanCompiler()
                .compile(manifest, new Resolver().resolve(manifest, layout, Surroundings.none()), transforms);
    }
}

package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import dev.angee.ConflictException;
import dev.angee.compose.CleanupPlan.Removal;
import dev.angee.compose.FoundProject.State;
import dev.angee.contract.Program;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.UpOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which projects are found, which are forgotten, and that no other is ever touched. */
class ComposeProjectsIT extends OneStack {
    private final List<String> made = new ArrayList<>();
    private final ComposeProjects projects = ComposeProjects.of(RealDocker.settings());

    @AfterEach
    void removeWhatWasMade() throws InterruptedException {
        backend().down(SHORT);
        for (String id : made) {
            try {
                engine().removeContainerCmd(id).withForce(true).exec();
            } catch (NotFoundException e) {
                // removed by what is tested
            }
        }
        engine().listVolumesCmd()
                .withFilter("name", List.of(project().value()))
                .exec()
                .getVolumes()
                .forEach(v -> engine().removeVolumeCmd(v.getName()).exec());
    }

    @Test
    void a_stack_whose_root_is_there_is_found_as_it_is_and_never_planned_for_removal() throws Exception {
        Files.createFile(root().resolve("angee.yaml"));
        bringUp();
        FoundProject found = found(project().value());
        assertThat(found.state()).isEqualTo(State.LIVE);
        assertThat(found.root()).contains(root().toString());
        assertThat(List.of(found.containers(), found.running(), found.networks(), found.volumes()))
                .containsExactly(2, 2, 1, 1);
        assertThat(found.lastStarted()).isPresent();
        assertThatThrownBy(() -> projects.plan(only(project().value())))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("its root is there");
        assertThat(projects.plan(CleanupOptions.defaults()).removals())
                .extracting(Removal::project)
                .doesNotContain(project().value());
    }

    @Test
    void a_forgotten_stack_is_planned_first_and_then_removed_but_for_its_data_and_then_that() throws Exception {
        bringUp();
        deleteRoot();
        FoundProject found = found(project().value());
        assertThat(found.state()).isEqualTo(State.FORGOTTEN);
        assertThat(found.reason()).isEqualTo("its root is gone");
        CleanupPlan plan = projects.plan(only(project().value()));
        Removal removal = plan.removals().get(0);
        assertThat(removal.containers())
                .extracting(CleanupPlan.Item::name)
                .containsExactlyInAnyOrder(container("a"), container("b"));
        assertThat(removal.networks()).extracting(CleanupPlan.Item::name).containsExactly(project() + "_default");
        assertThat(removal.volumes()).isEmpty();
        assertThat(removal.keptVolumes()).extracting(CleanupPlan.Item::name).containsExactly(project() + "_data");
        assertThat(found(project().value()).running())
                .as("planning changes nothing")
                .isEqualTo(2);

        assertThat(projects.remove(plan).removed()).containsExactly(project().value());
        FoundProject rest = found(project().value());
        assertThat(List.of(rest.containers(), rest.networks(), rest.volumes())).containsExactly(0, 0, 1);
        assertThat(rest.state()).as("known by the volume alone").isEqualTo(State.FORGOTTEN);
        assertThat(root()).doesNotExist();

        CleanupOptions withData = only(project().value()).volumes(CleanupOptions.Volumes.REMOVE);
        projects.remove(projects.plan(withData));
        assertThat(projects.discover())
                .extracting(FoundProject::name)
                .doesNotContain(project().value());
        assertThatThrownBy(() -> projects.plan(withData)).isInstanceOf(dev.angee.NotFoundException.class);
        assertThat(projects.remove(plan).removed()).as("twice is no error").hasSize(1);
    }

    @Test
    void a_project_that_came_back_or_grew_since_it_was_planned_is_left_alone() throws Exception {
        String name = orphan("p", root().resolve("gone").toString(), Map.of());
        CleanupPlan plan = projects.plan(only(name));
        Path back = Files.createDirectory(root().resolve("gone"));
        Files.createFile(back.resolve("angee.yaml"));
        assertThat(projects.remove(plan).kept().get(name)).contains("not forgotten", "its root is there");
        Files.delete(back.resolve("angee.yaml"));
        Files.delete(back);
        orphan("p", root().resolve("gone").toString(), Map.of());
        assertThat(projects.remove(plan).kept().get(name)).contains("more than when its removal was planned");
        assertThat(found(name).containers()).isEqualTo(2);
        assertThat(projects.remove(projects.plan(only(name))).removed()).containsExactly(name);
    }

    @Test
    void a_foreign_project_is_listed_and_never_touched_even_if_a_part_of_it_carries_our_label() throws Exception {
        String gone = root().resolve("gone").toString();
        String foreign = make("f", Map.of());
        orphan("mixed", gone, Map.of());
        String mixed = make("mixed", Map.of());
        assertThat(found(foreign).state()).isEqualTo(State.FOREIGN);
        assertThat(found(foreign).root()).isEmpty();
        assertThat(found(mixed).state()).isEqualTo(State.FOREIGN);
        for (String each : List.of(foreign, mixed)) {
            assertThatThrownBy(() -> projects.plan(only(each))).isInstanceOf(ConflictException.class);
            List<CleanupPlan.Item> all = engine()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(ProjectContainer.PROJECT_LABEL, each))
                    .exec()
                    .stream()
                    .map(c -> new CleanupPlan.Item(c.getId(), c.getNames()[0]))
                    .toList();
            Removal forged = new Removal(each, gone, "", 0, all, List.of(), List.of(), List.of());
            assertThat(projects.remove(new CleanupPlan(List.of(forged))).kept()).containsOnlyKeys(each);
        }
        assertThat(found(foreign).containers()).isEqualTo(1);
        assertThat(found(mixed).containers()).isEqualTo(2);
    }

    @Test
    void what_cannot_be_known_from_here_is_not_forgotten() throws Exception {
        String gone = root().resolve("gone").toString();
        String inside = orphan("inside", gone, Map.of(ComposeBackend.INSIDE_LABEL, "container"));
        String relative = orphan("relative", "gone", Map.of());
        String twice = orphan("twice", gone, Map.of());
        orphan("twice", gone + "-too", Map.of());
        Path damaged = Files.createDirectories(root().resolve("damaged/run"));
        Files.writeString(damaged.resolve("metadata.json"), "{\"project\":");
        String unread = orphan("unread", damaged.getParent().toString(), Map.of());
        Path loop = Files.createSymbolicLink(root().resolve("loop"), root().resolve("loop"));
        String looped = orphan("looped", loop.toString(), Map.of());
        for (String each : List.of(inside, relative, twice, unread, looped)) {
            assertThat(found(each).state()).as(each).isEqualTo(State.UNKNOWN);
            assertThatThrownBy(() -> projects.plan(only(each))).isInstanceOf(ConflictException.class);
        }
        ComposeSettings elsewhere = RealDocker.settings();
        try (EngineProxy far = EngineProxy.overTcp(elsewhere.socket().orElseThrow())) {
            String forgotten = orphan("far", gone, Map.of());
            assertThat(found(forgotten).state()).isEqualTo(State.FORGOTTEN);
            assertThat(ComposeProjects.of(elsewhere.dockerHost(far.host())).discover())
                    .filteredOn(p -> p.name().equals(forgotten))
                    .singleElement()
                    .satisfies(p -> assertThat(p.state()).isEqualTo(State.UNKNOWN))
                    .satisfies(p -> assertThat(p.reason()).contains("another host"));
        }
    }

    @Test
    void a_root_that_is_a_file_or_below_one_or_of_another_project_or_without_a_manifest_has_forgotten()
            throws Exception {
        Path file = Files.createFile(root().resolve("file"));
        assertThat(found(orphan("below", file + "/x", Map.of())).state()).isEqualTo(State.FORGOTTEN);
        Path other = Files.createDirectories(root().resolve("other/run"));
        Files.createFile(root().resolve("other/angee.yaml"));
        Files.writeString(other.resolve("metadata.json"), "{\"project\":\"renamed-1234\"}");
        FoundProject renamed = found(orphan("before", other.getParent().toString(), Map.of()));
        assertThat(renamed.state()).isEqualTo(State.FORGOTTEN);
        assertThat(renamed.reason()).contains("renamed-1234");
        Path bare = Files.createDirectory(root().resolve("bare"));
        String left = orphan("bare", bare.toString(), Map.of());
        assertThat(found(left).reason()).contains("no angee.yaml", "nothing of it runs");
        engine().startContainerCmd(made.get(made.size() - 1)).exec();
        assertThat(found(left).state()).as("it runs from a root that is there").isEqualTo(State.LIVE);
    }

    @Test
    void a_volume_that_is_in_use_elsewhere_is_a_failure_after_all_else_is_removed() throws Exception {
        bringUp();
        String volume = project() + "_data";
        make("user", Map.of(), HostConfig.newHostConfig().withBinds(Bind.parse(volume + ":/data")));
        deleteRoot();
        CleanupPlan plan = projects.plan(only(project().value()).volumes(CleanupOptions.Volumes.REMOVE));
        assertThatThrownBy(() -> projects.remove(plan))
                .hasMessageContainingAll("project " + project(), volume, "in use");
        FoundProject rest = found(project().value());
        assertThat(List.of(rest.containers(), rest.networks(), rest.volumes())).containsExactly(0, 0, 1);
        engine().removeContainerCmd(made.get(0)).withForce(true).exec();
    }

    @Test
    void a_network_that_is_all_there_is_left_is_known_by_its_label_and_without_it_is_foreign() throws Exception {
        String gone = root().resolve("gone").toString();
        String ours = network("ours", Map.of(ComposeBackend.ROOT_LABEL, gone));
        String foreign = network("foreign", Map.of());
        try {
            assertThat(found(foreign).state()).isEqualTo(State.FOREIGN);
            assertThat(found(ours).state()).isEqualTo(State.FORGOTTEN);
            assertThat(found(ours).lastStarted()).isEmpty();
            projects.remove(projects.plan(only(ours)));
            assertThat(projects.discover())
                    .extracting(FoundProject::name)
                    .contains(foreign)
                    .doesNotContain(ours);
        } finally {
            engine().removeNetworkCmd(foreign + "_x").exec();
        }
    }

    @Test
    void what_was_made_within_a_container_or_does_not_say_where_is_not_forgotten() throws Exception {
        String gone = root().resolve("gone").toString();
        String inside =
                network("inside", Map.of(ComposeBackend.ROOT_LABEL, gone, ComposeBackend.INSIDE_LABEL, "container"));
        try {
            String kept = volume("kept", Map.of(ComposeBackend.ROOT_LABEL, gone));
            String there =
                    volume("there", Map.of(ComposeBackend.ROOT_LABEL, gone, ComposeBackend.INSIDE_LABEL, "container"));
            String here = volume(
                    "here",
                    Map.of(ComposeBackend.ROOT_LABEL, gone, ComposeBackend.INSIDE_LABEL, ComposeBackend.ON_HOST));
            for (String each : List.of(inside, kept, there)) {
                assertThat(found(each).state()).as(each).isEqualTo(State.UNKNOWN);
                assertThatThrownBy(() -> projects.plan(only(each).volumes(CleanupOptions.Volumes.REMOVE)))
                        .isInstanceOf(ConflictException.class);
            }
            assertThat(found(here).state()).isEqualTo(State.FORGOTTEN);
        } finally {
            engine().removeNetworkCmd(inside + "_x").exec();
        }
    }

    @Test
    void what_runs_or_is_paused_is_planned_only_if_it_is_named() throws Exception {
        String gone = root().resolve("gone").toString();
        String name = orphan("busy", gone, Map.of());
        String id = made.get(made.size() - 1);
        CleanupPlan before = projects.plan(only(name));
        assertThat(planned()).contains(name);
        engine().startContainerCmd(id).exec();
        assertThat(planned()).doesNotContain(name);
        assertThat(projects.remove(before).kept().get(name)).contains("something of it runs by now");
        engine().pauseContainerCmd(id).exec();
        FoundProject paused = found(name);
        assertThat(paused.running()).isEqualTo(1);
        assertThat(paused.state()).isEqualTo(State.FORGOTTEN);
        assertThat(planned()).doesNotContain(name);
        assertThat(projects.remove(before).kept()).containsKey(name);
        CleanupPlan named = projects.plan(only(name));
        assertThat(named.removals().get(0).running()).isEqualTo(1);
        assertThat(projects.remove(named).removed()).containsExactly(name);
        assertThat(planned()).doesNotContain(name);
    }

    @Test
    void a_root_without_a_manifest_that_says_it_was_brought_up_as_this_very_project_has_not_forgotten()
            throws Exception {
        Path bare = Files.createDirectories(root().resolve("bare/run")).getParent();
        String name = orphan("bare", bare.toString(), Map.of());
        assertThat(found(name).state()).isEqualTo(State.FORGOTTEN);
        Files.writeString(bare.resolve("run/metadata.json"), "{\"project\":\"" + name + "\"}");
        assertThat(found(name).state()).isEqualTo(State.LIVE);
        assertThat(found(name).reason()).contains("was brought up from it");
    }

    private List<String> planned() throws InterruptedException {
        return projects.plan(CleanupOptions.defaults()).removals().stream()
                .map(Removal::project)
                .toList();
    }

    private String volume(String project, Map<String, String> more) {
        String name = project() + "-" + project;
        Map<String, String> labels = new HashMap<>(more);
        labels.put(ProjectContainer.PROJECT_LABEL, name);
        labels.put(RealDocker.TEST_LABEL, "1");
        engine().createVolumeCmd().withName(name + "_x").withLabels(labels).exec();
        return name;
    }

    private String network(String project, Map<String, String> more) {
        String name = project() + "-" + project;
        Map<String, String> labels = new HashMap<>(more);
        labels.put(ProjectContainer.PROJECT_LABEL, name);
        labels.put(RealDocker.TEST_LABEL, "1");
        engine().createNetworkCmd().withName(name + "_x").withLabels(labels).exec();
        return name;
    }

    private void bringUp() throws Exception {
        RuntimePlan plan = plan(
                Programs.service("a", new Program.Sleeps()).mount(new PlannedMount.Volume("data", "/data", false)),
                Programs.service("b", new Program.Sleeps()));
        backend()
                .up(
                        new RuntimePlan(
                                plan.project(),
                                plan.root(),
                                plan.workloads(),
                                List.of(new PlannedVolume("data", "local")),
                                plan.networks(),
                                plan.provenance()),
                        UpOptions.defaults());
    }

    private void deleteRoot() throws IOException {
        try (Stream<Path> all = Files.walk(root())) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** A container that seems to be of a stack of ours. */
    private String orphan(String project, String root, Map<String, String> more) {
        Map<String, String> labels = new HashMap<>(more);
        labels.put(ComposeBackend.ROOT_LABEL, root);
        return make(project, labels);
    }

    private String make(String project, Map<String, String> labels) {
        return make(project, labels, HostConfig.newHostConfig());
    }

    private String make(String project, Map<String, String> more, HostConfig host) {
        String name = project() + "-" + project;
        Map<String, String> labels = new HashMap<>(more);
        labels.put(ProjectContainer.PROJECT_LABEL, name);
        labels.put(RealDocker.TEST_LABEL, "1");
        CreateContainerCmd create = engine().createContainerCmd(RealDocker.IMAGE)
                .withCmd("sleep", "1000")
                .withHostConfig(host)
                .withLabels(labels);
        made.add(create.exec().getId());
        return name;
    }

    private FoundProject found(String name) throws InterruptedException {
        return projects.discover().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static CleanupOptions only(String name) {
        return CleanupOptions.defaults().only(List.of(name));
    }
}

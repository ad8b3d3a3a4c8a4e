package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.UpOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image may ask for volumes that nobody has named, and that nobody would ever find again. */
class NamelessVolumesIT extends OneStack {
    private final String image = "angee-it-volume:" + UUID.randomUUID();

    @BeforeEach
    void build() throws Exception {
        Path context = Files.createDirectory(root().resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + RealDocker.IMAGE + "\nVOLUME /nameless\n");
        engine().buildImageCmd(context.toFile())
                .withTags(Set.of(image))
                .exec(new BuildImageResultCallback())
                .awaitImageId();
    }

    @AfterEach
    void remove() throws Exception {
        backend().down(SHORT);
        engine().removeImageCmd(image).withForce(true).exec();
        if (exists(data())) {
            engine().removeVolumeCmd(data()).exec();
        }
    }

    @Test
    void they_go_with_their_containers_and_named_ones_stay() throws Exception {
        backend().up(stored("a", "b", "c"), UpOptions.defaults());
        Set<String> all = nameless();
        assertThat(all).hasSize(3);
        backend().up(stored("a", "b"), UpOptions.defaults());
        Set<String> left = nameless();
        assertThat(left).hasSize(2);
        assertThat(all.stream().filter(this::exists))
                .as("of a service that left the plan")
                .hasSize(2);
        engine().pauseContainerCmd(container("b")).exec();
        backend().down(SHORT);
        assertThat(all.stream().filter(this::exists)).as("after down").isEmpty();
        assertThat(exists(data())).as("the named one").isTrue();
    }

    private RuntimePlan stored(String... names) {
        WorkloadBuilder[] services = List.of(names).stream()
                .map(name -> Workload.service(name, new Launch.Image(image))
                        .command(List.of("sleep", "1000"))
                        .mount(new PlannedMount.Volume("data", "/data", false)))
                .toArray(WorkloadBuilder[]::new);
        RuntimePlan plan = plan(services);
        return new RuntimePlan(
                plan.project(),
                plan.root(),
                plan.workloads(),
                List.of(new PlannedVolume("data", "local")),
                plan.networks(),
                plan.provenance());
    }

    private String data() {
        return project() + "_data";
    }

    /** Those of the containers there are. */
    private Set<String> nameless() {
        Set<String> names = new TreeSet<>();
        engine().listContainersCmd()
                .withShowAll(true)
                .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL + "=" + project()))
                .exec()
                .forEach(c -> c.getMounts().forEach(m -> names.add(String.valueOf(m.getName()))));
        names.remove(data());
        return names;
    }

    private boolean exists(String volume) {
        try {
            engine().inspectVolumeCmd(volume).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }
}

package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Images built by the real engine; the installer of the base is a small script, as no registry of packages is needed. */
@ExtendWith(RealDocker.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ImageBuilderIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final String base = "angee-it-base:" + UUID.randomUUID();
    private final List<String> made = new ArrayList<>();
    private final EngineConnection connection =
            new EngineConnection(RealDocker.settings().dockerHost());
    private final ImageBuilder images = ImageBuilder.open(RealDocker.settings());

    @BeforeEach
    void makeBase() throws IOException {
        Files.writeString(folder.resolve("apt-get"), """
                #!/bin/sh
                for each; do
                  case $each in broken) echo "E: Unable to locate package broken" >&2; exit 100;; slow) sleep 1000;; esac
                  case $each in install|update|-*) ;; *) echo "$each" >>/installed; echo "Setting up $each";; esac
                done
                """);
        Files.writeString(folder.resolve("Dockerfile"), """
                FROM angee-busybox:local
                COPY apt-get /bin/apt-get
                RUN chmod 755 /bin/apt-get
                USER 1234
                """);
        build(folder, base);
    }

    private void build(Path context, String tag) {
        client().buildImageCmd(context.toFile())
                .withTags(Set.of(tag))
                .exec(new BuildImageResultCallback())
                .awaitImageId();
        made.add(tag);
    }

    private DockerClient client() {
        return connection.questions();
    }

    @AfterEach
    void removeAll() {
        List<String> newestFirst = new ArrayList<>(made);
        java.util.Collections.reverse(newestFirst);
        newestFirst.forEach(
                image -> client().removeImageCmd(image).withForce(true).exec());
        images.close();
        connection.close();
    }

    @Test
    void packages_are_added_to_the_base_once_and_its_user_stays() throws Exception {
        List<String> lines = new ArrayList<>();
        String image = images.build(new ImageRecipe(base, List.of("ripgrep", "git=1:2.39")), LONG, lines::add);
        made.add(image);
        assertThat(lines).contains("Setting up git=1:2.39", "Setting up ripgrep");
        String from = client().inspectImageCmd(base).exec().getId();
        assertThat(lines)
                .as("made of the very image that it is named after, whatever the tag means by then")
                .anySatisfy(line -> assertThat(line).endsWith("FROM " + from));
        assertThat(client().inspectImageCmd(image).exec().getConfig().getUser()).isEqualTo("1234");
        assertThat(client().inspectImageCmd(image).exec().getConfig().getLabels())
                .containsEntry(ImageBuilder.LABEL, base + " git=1:2.39 ripgrep");
        lines.clear();
        assertThat(images.build(new ImageRecipe(base, List.of("git=1:2.39", "ripgrep")), LONG, lines::add))
                .isEqualTo(image);
        assertThat(lines).as("it is there").isEmpty();
    }

    @Test
    void a_package_that_cannot_be_had_is_told_with_the_last_lines() {
        assertThatThrownBy(() -> images.build(new ImageRecipe(base, List.of("broken")), LONG, line -> {}))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining(base)
                .hasMessageContaining("Unable to locate package broken");
    }

    @Test
    void a_base_that_is_not_there_is_named_before_anything_is_built() {
        assertThatThrownBy(() -> images.build(new ImageRecipe("no-such-base:1", List.of("git")), LONG, line -> {}))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no-such-base:1")
                .hasMessageContaining("docker load");
    }

    @Test
    void one_that_takes_too_long_or_is_interrupted_is_given_up() throws Exception {
        ImageRecipe slow = new ImageRecipe(base, List.of("slow"));
        assertThatThrownBy(() -> images.build(slow, Duration.ofSeconds(4), line -> {}))
                .hasMessageContaining("had not ended after 4 s");
        CompletableFuture<Thread> builder = new CompletableFuture<>();
        CompletableFuture<String> build = CompletableFuture.supplyAsync(() -> {
            builder.complete(Thread.currentThread());
            try {
                return images.build(slow, LONG, line -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        });
        builder.get(5, TimeUnit.SECONDS).interrupt();
        assertThatThrownBy(() -> build.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("interrupted");
        OneStack.soon()
                .until(() -> client().listContainersCmd().exec().stream()
                        .noneMatch(c ->
                                String.valueOf(c.getCommand()).contains("install -y --no-install-recommends slow")));
    }
}

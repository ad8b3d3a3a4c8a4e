package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import dev.angee.mount.HostPaths.Prefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostPathsTest {
    private static final HostPaths PATHS = HostPaths.inContainer(List.of(
            prefix("/code", "/home/me/shop"),
            prefix("/code/cache/deep", "/mnt/cache"),
            prefix("/data", "/var/lib/docker/volumes/d/_data"),
            new Prefix(Path.of("/code/tmp"), Optional.empty())));

    private static Prefix prefix(String inside, String host) {
        return new Prefix(Path.of(inside), Optional.of(Path.of(host)));
    }

    private static String translated(String path) {
        return PATHS.translate(Path.of(path)).toString();
    }

    @Test
    void outside_of_containers_every_path_is_itself() {
        assertThat(HostPaths.identity().translate(Path.of("/any/../x"))).isEqualTo(Path.of("/any/../x"));
        assertThat(HostPaths.identity().isIdentity()).isTrue();
        assertThat(PATHS.isIdentity()).isFalse();
    }

    @Test
    void in_a_container_the_longest_prefix_says_where_a_path_is_on_the_host() {
        assertThat(translated("/code")).isEqualTo("/home/me/shop");
        assertThat(translated("/code/a/b")).isEqualTo("/home/me/shop/a/b");
        assertThat(translated("/code/cache/x")).isEqualTo("/home/me/shop/cache/x");
        assertThat(translated("/code/cache/deep/x")).isEqualTo("/mnt/cache/x");
        assertThat(translated("/data/pg")).isEqualTo("/var/lib/docker/volumes/d/_data/pg");
        assertThat(translated("/code/x/../cache/deep")).isEqualTo("/mnt/cache");
    }

    @Test
    void a_path_that_only_our_container_has_is_refused_with_the_remedy() {
        for (String path : List.of("/etc/x", "/codeshop", "/", "/code/tmp/x", "/code/../etc")) {
            assertThatThrownBy(() -> translated(path))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("not known to the container engine")
                    .hasMessageContaining("-v ");
        }
        assertThatThrownBy(() -> HostPaths.inContainer(List.of()).translate(Path.of("/x")))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_path_can_be_looked_for_without_being_required() {
        assertThat(PATHS.find(Path.of("/code/x/../a"))).contains(Path.of("/home/me/shop/a"));
        assertThat(PATHS.find(Path.of("/code/tmp/x"))).isEmpty();
        assertThat(PATHS.find(Path.of("/codeshop"))).isEmpty();
        assertThat(HostPaths.identity().find(Path.of("/any/../x"))).contains(Path.of("/any/../x"));
    }

    @Test
    void it_is_a_value_and_takes_absolute_paths_only() {
        assertThat(HostPaths.inContainer(List.of(prefix("/a", "/1"), prefix("/b", "/2"))))
                .isEqualTo(HostPaths.inContainer(List.of(prefix("/b/", "/2"), prefix("/a", "/x/../1"))));
        assertThatThrownBy(() -> prefix("a", "/1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> prefix("/a", "1")).isInstanceOf(IllegalArgumentException.class);
    }
}

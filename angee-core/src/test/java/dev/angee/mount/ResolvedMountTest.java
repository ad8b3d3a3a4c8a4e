package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResolvedMountTest {
    private static ResolvedMount mounted(String path, String target) {
        return new ResolvedMount(Mount.parse("bind://" + path + ":" + target), Optional.of(Path.of(path)));
    }

    private static ResolvedMount workdir(String path) {
        return new ResolvedMount(Mount.parseWorkdir("bind://" + path), Optional.of(Path.of(path)));
    }

    private static ResolvedMount volume(String name, String target) {
        return new ResolvedMount(Mount.parse("volume://" + name + ":" + target), Optional.empty());
    }

    private static ResolvedMount volumeWorkdir(String text) {
        return new ResolvedMount(Mount.parseWorkdir("volume://" + text), Optional.empty());
    }

    @Test
    void a_working_directory_is_below_the_target_of_the_mount_that_holds_it_R4() {
        List<ResolvedMount> mounts = List.of(mounted("/srv/app", "/src"), mounted("/srv/lib", "/lib"));
        assertThat(workdir("/srv/app").insideContainer(mounts)).contains("/src");
        assertThat(workdir("/srv/app/web/a b").insideContainer(mounts)).contains("/src/web/a b");
        assertThat(workdir("/srv/lib/x").insideContainer(mounts)).contains("/lib/x");
    }

    @Test
    void one_that_no_mount_holds_is_nowhere_R4() {
        List<ResolvedMount> mounts = List.of(mounted("/srv/app", "/src"), volume("data", "/data"));
        assertThat(workdir("/srv/app2").insideContainer(mounts)).isEmpty();
        assertThat(workdir("/srv").insideContainer(mounts)).isEmpty();
        assertThat(volumeWorkdir("other").insideContainer(mounts)).isEmpty();
        assertThat(workdir("/srv/app").insideContainer(List.of(workdir("/srv/app"))))
                .isEmpty();
    }

    @Test
    void the_deepest_mount_wins_in_any_order_and_the_first_of_equal_ones_R4() {
        ResolvedMount outer = mounted("/srv", "/all");
        ResolvedMount inner = mounted("/srv/app", "/app");
        assertThat(workdir("/srv/app/x").insideContainer(List.of(outer, inner))).contains("/app/x");
        assertThat(workdir("/srv/app/x").insideContainer(List.of(inner, outer))).contains("/app/x");
        assertThat(workdir("/srv/app/x").insideContainer(List.of(mounted("/srv/app", "/one"), inner)))
                .contains("/one/x");
        assertThat(workdir("/srv/app/x").insideContainer(List.of(mounted("/", "/host"))))
                .contains("/host/srv/app/x");
    }

    @Test
    void a_mount_that_another_covers_at_that_place_does_not_count_R4() {
        ResolvedMount app = mounted("/srv/app", "/src");
        ResolvedMount cover = mounted("/var/cache", "/src/cache");
        assertThat(workdir("/srv/app/cache/x").insideContainer(List.of(app, cover)))
                .isEmpty();
        assertThat(workdir("/srv/app/cache2").insideContainer(List.of(app, cover)))
                .contains("/src/cache2");
        assertThat(workdir("/srv/app/cache").insideContainer(List.of(app, volume("c", "/src/cache"))))
                .isEmpty();
        assertThat(workdir("/var/cache/x").insideContainer(List.of(app, cover))).contains("/src/cache/x");
        ResolvedMount outer = mounted("/srv", "/all");
        assertThat(workdir("/srv/app/cache").insideContainer(List.of(app, cover, outer)))
                .contains("/all/app/cache");
    }

    @Test
    void a_volume_is_known_by_its_name_R4() {
        List<ResolvedMount> mounts = List.of(volume("data", "/data"), volume("more", "/more"));
        assertThat(volumeWorkdir("more").insideContainer(mounts)).contains("/more");
        assertThat(volumeWorkdir("data/a/b").insideContainer(mounts)).contains("/data/a/b");
        assertThat(volumeWorkdir("data").insideContainer(List.of(mounted("/data", "/x"))))
                .isEmpty();
    }
}

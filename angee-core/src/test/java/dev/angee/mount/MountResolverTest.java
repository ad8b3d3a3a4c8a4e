package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.mount.Mount.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountResolverTest {
    @TempDir
    Path folder;

    private Path root;
    private Path app;
    private Path work;
    private MountResolver resolver;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectories(folder.resolve("shop/.angee"));
        app = Files.createDirectories(folder.resolve("shop/app"));
        work = Files.createDirectories(root.resolve("workspaces/w"));
        resolver = MountResolver.builder(root)
                .sources(Map.of("app", app, "lib", root.resolve("sources/lib")))
                .workspaces(Map.of("w", work))
                .volumes(Map.of("data", root.resolve("volumes/data")))
                .persist(Map.of("db", folder.resolve("shop/var/db")))
                .secrets(List.of(root.resolve("keys/more.env")))
                .build();
    }

    private Path place(String mount) {
        return resolver.resolve(Mount.parse(mount), RuntimeKind.LOCAL)
                .hostPath()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(RuntimeKind.class)
    void every_scheme_but_a_volume_has_one_place_for_both_runtimes(RuntimeKind runtime) {
        assertThat(resolver.resolve(Mount.parse("source://lib/pkg:/x"), runtime).hostPath())
                .contains(root.resolve("sources/lib/pkg"));
        assertThat(resolver.resolve(Mount.parse("workspace://w:/x"), runtime).hostPath())
                .contains(work);
        assertThat(resolver.resolve(Mount.parse("persist://db/wal:/x"), runtime).hostPath())
                .contains(folder.resolve("shop/var/db/wal"));
        assertThat(resolver.resolve(Mount.parse("bind://../conf dir:/x"), runtime)
                        .hostPath())
                .contains(folder.resolve("shop/conf dir"));
        assertThat(resolver.resolve(Mount.parse("./conf:/x"), runtime).hostPath())
                .contains(root.resolve("conf"));
        assertThat(resolver.resolve(Mount.parse("bind:///etc/hosts:/x"), runtime)
                        .hostPath())
                .contains(Path.of("/etc/hosts"));
    }

    @Test
    void a_volume_is_a_folder_for_a_process_and_a_name_for_a_container() {
        Mount whole = Mount.parse("volume://data:/x");
        Mount part = Mount.parse("volume://data/sub:/x");
        assertThat(place("volume://data:/x")).isEqualTo(root.resolve("volumes/data"));
        assertThat(place("volume://data/sub:/x")).isEqualTo(root.resolve("volumes/data/sub"));
        assertThat(resolver.resolve(whole, RuntimeKind.CONTAINER))
                .isEqualTo(new ResolvedMount(whole, java.util.Optional.empty()));
        assertThatThrownBy(() -> resolver.resolve(part, RuntimeKind.CONTAINER))
                .hasMessageContaining("mounts a volume as a whole; remove '/sub'");
        assertThat(resolver.resolve(Mount.parseWorkdir("volume://data/sub"), RuntimeKind.CONTAINER)
                        .hostPath())
                .isEmpty();
    }

    @Test
    void a_local_source_is_its_own_folder_wherever_it_is_asked_for_R5_C19() {
        assertThat(place("source://app:/x")).isEqualTo(app);
        assertThat(resolver.folder(Scheme.SOURCE, "app")).contains(app);
        assertThat(resolver.folder(Scheme.PERSIST, "db")).contains(folder.resolve("shop/var/db"));
        assertThat(resolver.folder(Scheme.SOURCE, "nope")).isEmpty();
        assertThat(place("source://app/pkg:/x"))
                .isEqualTo(resolver.folder(Scheme.SOURCE, "app").orElseThrow().resolve("pkg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"source://nope:/x", "workspace://app:/x", "volume://w:/x", "persist://data:/x", "nope:/x"})
    void what_is_not_declared_is_refused_with_what_is(String text) {
        for (RuntimeKind runtime : RuntimeKind.values()) {
            assertThatThrownBy(() -> resolver.resolve(Mount.parse(text), runtime))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("is not declared (declared: ");
        }
        assertThatThrownBy(() -> MountResolver.builder(root).build().resolve(Mount.parse(text), RuntimeKind.LOCAL))
                .hasMessageContaining("(declared: none)");
    }

    @Test
    void a_name_that_is_a_path_never_becomes_a_folder_S5() {
        for (String name : List.of("..", "../run", "", ".", "a/b")) {
            Map<String, Path> names = Map.of(name, folder);
            assertThatThrownBy(() -> MountResolver.builder(root).workspaces(names))
                    .hasMessageStartingWith("workspace: ");
            assertThatThrownBy(() -> MountResolver.builder(root).sources(names)).hasMessageStartingWith("source: ");
            assertThatThrownBy(() -> MountResolver.builder(root).volumes(names)).hasMessageStartingWith("volume: ");
            assertThatThrownBy(() -> MountResolver.builder(root).persist(names)).hasMessageStartingWith("persist: ");
        }
    }

    @Test
    void a_symbolic_link_does_not_lead_out_of_a_source_R37() throws IOException {
        Files.createDirectories(app.resolve("inside"));
        Files.createSymbolicLink(app.resolve("out"), folder);
        Files.createSymbolicLink(app.resolve("dangling"), folder.resolve("not-yet"));
        Files.createSymbolicLink(app.resolve("in"), app.resolve("inside"));
        assertThatThrownBy(() -> place("source://app/in:/x")).hasMessageContaining("goes through the symbolic link");
        assertThat(place("source://app/not/yet:/x")).isEqualTo(app.resolve("not/yet"));
        for (String mount : List.of("out", "out/not/yet", "dangling", "dangling/x")) {
            assertThatThrownBy(() -> place("source://app/" + mount + ":/x")).hasMessageContaining("leads out of");
        }
    }

    @Test
    void no_mount_goes_through_a_link_that_whoever_works_in_a_workspace_can_turn_R37() throws IOException {
        Path secret = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(work.resolve("innocent"), secret);
        Files.createSymbolicLink(app.resolve("data"), secret);
        Files.createSymbolicLink(folder.resolve("users-own"), secret);
        MountResolver trapped = MountResolver.builder(root)
                .sources(Map.of("app", app, "slot", work.resolve("innocent"), "own", folder.resolve("users-own")))
                .workspaces(Map.of("w", work))
                .volumes(Map.of("data", app.resolve("data")))
                .persist(Map.of("db", app.resolve("data/db")))
                .build();
        for (String mount : List.of(
                "bind://workspaces/w/innocent:/x",
                "bind://../app/data/deeper:/x",
                "bind://" + work.resolve("innocent/../innocent/y") + ":/x",
                "source://slot:/x",
                "volume://data:/x",
                "persist://db:/x")) {
            assertThatThrownBy(() -> trapped.resolve(Mount.parse(mount), RuntimeKind.LOCAL))
                    .as(mount)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("goes through the symbolic link");
        }
        assertThatThrownBy(() -> trapped.resolve(Mount.parseWorkdir("source://slot"), RuntimeKind.LOCAL))
                .hasMessageContaining("goes through the symbolic link");
        assertThat(trapped.resolve(Mount.parse("source://own:/x"), RuntimeKind.LOCAL)
                        .hostPath())
                .contains(folder.resolve("users-own"));
        assertThat(trapped.resolve(Mount.parse("bind://../../users-own:/x"), RuntimeKind.LOCAL)
                        .hostPath())
                .contains(folder.resolve("users-own"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/                              -> the whole host",
                "/x/..                          -> the whole host",
                "/proc                          -> the kernel's",
                "/proc/self/root/etc            -> the kernel's",
                "/sys/fs/cgroup                 -> the kernel's",
                "/dev                           -> the kernel's",
                "/dev/kmsg                      -> the kernel's",
                "/var/run/docker.sock           -> docker_access: socket",
                "/run/docker.sock               -> docker_access: socket",
                "/run                           -> docker_access: socket",
                "/run/user/1000/docker.sock     -> docker_access: socket",
                "/run/podman                    -> docker_access: socket",
                "run                            -> its locks, records and secrets",
                "./run/secrets.env              -> its locks, records and secrets",
                "workspaces/../run/x            -> its locks, records and secrets",
                ".env                           -> its secrets there",
                "keys/more.env                  -> its secrets there",
            })
    void what_of_the_host_no_container_may_have_is_refused_with_the_reason_R37(String row) {
        String[] parts = row.split(" +-> ", 2);
        for (RuntimeKind runtime : RuntimeKind.values()) {
            assertThatThrownBy(() -> resolver.resolve(Mount.parse("bind://" + parts[0] + ":/x:ro"), runtime))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("cannot be mounted: ")
                    .hasMessageContaining(parts[1]);
        }
    }

    @Test
    void what_is_refused_is_refused_behind_a_link_and_through_a_source_too_R37() throws IOException {
        Files.createSymbolicLink(folder.resolve("all"), Path.of("/"));
        Files.createSymbolicLink(folder.resolve("kernel"), Path.of("/proc/sys"));
        Files.createSymbolicLink(folder.resolve("own"), root.resolve("run"));
        Files.createSymbolicLink(folder.resolve("engine"), Path.of("/run/user/7/docker.sock"));
        Files.createSymbolicLink(folder.resolve("docker.sock"), Path.of("/opt/engine/api"));
        for (String name : List.of("all", "kernel", "own", "engine", "docker.sock")) {
            assertThatThrownBy(() -> place("bind://../../" + name + ":/x")).hasMessageContaining("cannot be mounted");
        }
        MountResolver whole = MountResolver.builder(root)
                .sources(Map.of("shop", folder.resolve("shop")))
                .build();
        for (String mount : List.of("source://shop/.angee/run:/x", "source://shop/.angee/.env:/x")) {
            assertThatThrownBy(() -> whole.resolve(Mount.parse(mount), RuntimeKind.CONTAINER))
                    .hasMessageContaining("cannot be mounted");
        }
        assertThat(whole.resolve(Mount.parse("source://shop:/x"), RuntimeKind.CONTAINER)
                        .hostPath())
                .contains(folder.resolve("shop"));
        assertThat(place("bind://runner:/x")).isEqualTo(root.resolve("runner"));
        assertThat(place("bind://.envrc:/x")).isEqualTo(root.resolve(".envrc"));
    }

    @Test
    void a_working_directory_is_not_mounted_so_it_may_be_where_a_mount_may_not() {
        assertThat(resolver.resolve(Mount.parseWorkdir("bind:///"), RuntimeKind.LOCAL)
                        .hostPath())
                .contains(Path.of("/"));
    }
}

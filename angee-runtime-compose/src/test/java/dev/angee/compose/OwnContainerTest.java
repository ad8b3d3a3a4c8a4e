package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.mount.HostPaths;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OwnContainerTest {
    private static final String ID = "4ec1f4a9".repeat(8);
    private static final String OTHER = "0ddba11d".repeat(8);
    private static final String HOST_MOUNTS = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            98 27 0:52 / /var/lib/docker/containers/OTHER/mounts/shm rw - tmpfs shm rw,size=65536k
            99 27 254:0 /srv/containers/OTHER/data /srv/data rw,relatime - ext4 /dev/vda rw
            """;

    private static OwnContainer seeing(String mounts, String groups, String host) {
        Map<String, String> files = Map.of(
                "/proc/self/mountinfo", filled(mounts),
                "/proc/self/cgroup", filled(groups),
                "/proc/sys/kernel/hostname", host + "\n");
        return new OwnContainer(path -> Optional.ofNullable(files.get(path.toString())));
    }

    private static String filled(String text) {
        return text.replace("ID", ID).replace("OTHER", OTHER);
    }

    @Test
    void a_process_of_the_host_is_in_no_container() {
        assertThat(seeing(HOST_MOUNTS, "0::/user.slice/user-1000.slice/session-3.scope\n", "laptop")
                        .ids())
                .isEmpty();
        assertThat(seeing(HOST_MOUNTS, "12:cpu:/\n1:name=systemd:/init.scope\n0::/\n", "web")
                        .ids())
                .isEmpty();
        assertThat(seeing("", "", "").ids()).isEmpty();
        assertThat(new OwnContainer(path -> Optional.empty()).ids()).isEmpty();
    }

    @Test
    void cgroups_of_version_1_tell_the_container() {
        String groups = """
                12:memory:/docker/ID
                5:cpu,cpuacct:/docker/ID
                1:name=systemd:/docker/ID
                0::/system.slice/containerd.service
                """;
        assertThat(seeing(HOST_MOUNTS, groups, "app").ids()).containsExactly(ID);
        assertThat(seeing("", "11:pids:/system.slice/docker-ID.scope\n", "app").ids())
                .containsExactly(ID);
        assertThat(seeing("", "11:pids:/kubepods/burstable/pod0a-1/ID\n", "app").ids())
                .containsExactly(ID);
    }

    @Test
    void the_innermost_of_nested_containers_is_ours() {
        assertThat(seeing("", "9:cpu:/docker/OTHER/docker/ID\n", "app").ids()).containsExactly(ID);
        assertThat(seeing("", "0::/docker/OTHER/system.slice/docker-ID.scope/init\n", "app")
                        .ids())
                .containsExactly(ID);
    }

    @Test
    void where_cgroups_of_version_2_hide_it_the_files_that_the_engine_mounts_tell_it() {
        String mounts = """
                612 544 0:70 / / rw,relatime master:229 - overlay overlay rw
                627 612 254:0 /var/lib/docker/containers/ID/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda rw
                628 612 254:0 /var/lib/docker/containers/ID/hostname /etc/hostname rw,relatime - ext4 /dev/vda rw
                629 612 254:0 /var/lib/docker/containers/ID/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw
                """;
        assertThat(seeing(mounts, "0::/\n", "a-name-of-its-own").ids()).containsExactly(ID);
        String ownDisk = "628 612 254:9 /docker/containers/ID/hostname /etc/hostname rw shared:1 - ext4 /dev/vdb rw\n";
        assertThat(seeing(ownDisk, "0::/\n", "x").ids()).containsExactly(ID);
    }

    @Test
    void podman_keeps_its_files_elsewhere() {
        String mounts = "81 70 0:25 /containers/storage/overlay-containers/ID/userdata/hostname /etc/hostname rw"
                + " - tmpfs tmpfs rw\n";
        assertThat(seeing(mounts, "0::/\n", "x").ids()).containsExactly(ID);
        assertThat(seeing("", "0::/machine.slice/libpod-ID.scope/container\n", "x")
                        .ids())
                .containsExactly(ID);
    }

    @Test
    void a_host_name_is_a_hint_only_where_it_looks_like_an_id() {
        assertThat(seeing("", "0::/\n", ID.substring(0, 12)).ids()).containsExactly(ID.substring(0, 12));
        assertThat(seeing("", "0::/\n", "web").ids()).isEmpty();
        assertThat(seeing("", "0::/\n", ID.substring(0, 11)).ids()).isEmpty();
    }

    @Test
    void lines_that_nobody_understands_are_passed_by() {
        assertThat(seeing("\n x \n1 2 3 4 5\n", "::\n\nx\n0:\n" + "9:cpu:/docker/" + ID + "ff\n", " ")
                        .ids())
                .isEmpty();
    }

    @Test
    void outside_of_containers_the_engine_is_not_even_asked(@TempDir Path folder) throws Exception {
        ComposeSettings nobody = nobody(folder);
        assertThat(seeing(HOST_MOUNTS, "0::/\n", "laptop").hostPaths(nobody)).isEqualTo(HostPaths.identity());
    }

    @Test
    void inside_one_an_engine_that_does_not_answer_is_a_failure_and_no_guess(@TempDir Path folder) {
        ComposeSettings nobody = nobody(folder);
        assertThatThrownBy(() -> seeing("", "0::/docker/ID\n", "x").hostPaths(nobody))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void the_files_of_the_kernel_can_be_read_here() {
        assertThat(OwnContainer.read(Path.of("/proc/self/mountinfo")).orElseThrow())
                .contains(" / ");
        assertThat(OwnContainer.read(Path.of("/proc/self/no-such-file"))).isEmpty();
    }

    private static ComposeSettings nobody(Path folder) {
        return ComposeSettings.of(Map.of())
                .dockerHost("unix://" + folder.resolve("nobody.sock"))
                .engineTimeout(Duration.ofSeconds(5));
    }
}

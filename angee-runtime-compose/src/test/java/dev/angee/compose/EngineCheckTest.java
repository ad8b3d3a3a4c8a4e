package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is made of the answers that engines give of themselves. */
class EngineCheckTest {
    private static final ObjectMapper JSON = new DefaultDockerClientConfig.Builder()
            .withDockerHost("unix:///nowhere")
            .withDockerTlsVerify(false)
            .build()
            .getObjectMapper();

    /** Of engine 20.10.24, shortened. */
    private static final String SOUND =
            "\"OSType\":\"linux\",\"Name\":\"vm\",\"DockerRootDir\":\"/var/lib/docker\",\"MemoryLimit\":true,"
                    + "\"CpuCfsQuota\":true,\"PidsLimit\":true,\"IPv4Forwarding\":true,\"CgroupDriver\":\"cgroupfs\","
                    + "\"CgroupVersion\":\"1\",\"Plugins\":{\"Network\":[\"bridge\",\"host\"]},"
                    + "\"Runtimes\":{\"runc\":{\"path\":\"runc\"},\"crun\":{\"path\":\"/usr/bin/crun\"}},"
                    + "\"SecurityOptions\":[\"name=seccomp,profile=default\"],\"Swarm\":{\"LocalNodeState\":\"inactive\"}";

    @Test
    void a_sound_engine_has_no_problem_and_no_warning() throws IOException {
        EngineCheck check = check("1.41", SOUND, OptionalLong.of(1L << 40));
        assertThat(check.problem()).isEmpty();
        assertThat(check.warnings()).isEmpty();
        assertThat(check.facts().runtimes()).containsExactly("crun", "runc");
    }

    @Test
    void an_engine_that_says_next_to_nothing_is_taken_to_be_well() throws IOException {
        EngineCheck check = check("1.50", "\"Name\":\"x\"", OptionalLong.empty());
        assertThat(check.problem()).isEmpty();
        assertThat(check.warnings()).isEmpty();
    }

    @Test
    void an_engine_older_than_was_tried_is_refused_with_the_version_to_install() throws IOException {
        for (String old : List.of("1.40", "1.9", "0.99")) {
            assertThat(problem(old, SOUND)).contains(old, "1.41", "20.10");
        }
        assertThat(check("2.0", SOUND, OptionalLong.empty()).problem()).isEmpty();
    }

    @Test
    void an_engine_for_windows_or_without_bridges_is_refused() throws IOException {
        assertThat(problem("1.41", SOUND.replace("linux", "windows"))).contains("windows", "switch it");
        assertThat(problem("1.41", SOUND.replace("\"bridge\",", ""))).contains("no 'bridge' driver", "host");
    }

    @Test
    void a_full_disk_is_a_problem_and_a_nearly_full_one_a_warning() throws IOException {
        long mib = 1L << 20;
        assertThat(check("1.41", SOUND, OptionalLong.of(63 * mib)).problem().orElseThrow())
                .contains("63 MiB", "/var/lib/docker", "docker image prune");
        EngineCheck little = check("1.41", SOUND, OptionalLong.of(64 * mib));
        assertThat(little.problem()).isEmpty();
        assertThat(little.warnings()).singleElement().asString().contains("64 MiB", "/var/lib/docker", "free some");
    }

    @Test
    void limits_that_are_not_enforced_are_warned_of_one_by_one() throws IOException {
        assertWarning(SOUND.replace("\"MemoryLimit\":true", "\"MemoryLimit\":false"), "limit memory", "not enforced");
        assertWarning(SOUND.replace("\"CpuCfsQuota\":true", "\"CpuCfsQuota\":false"), "limit CPUs", "not enforced");
        assertWarning(SOUND.replace("\"PidsLimit\":true", "\"PidsLimit\":false"), "limit processes", "not enforced");
    }

    @Test
    void a_rootless_engine_on_cgroups_1_enforces_nothing_although_it_says_so() throws IOException {
        String rootless = SOUND.replace("[\"name=seccomp", "[\"name=rootless\",\"name=seccomp");
        assertWarning(rootless, "no limit of memory, CPUs or processes is enforced", "rootless", "version 2");
        String modern = rootless.replace("\"CgroupVersion\":\"1\"", "\"CgroupVersion\":\"2\"");
        assertThat(check("1.41", modern, OptionalLong.empty()).warnings()).isEmpty();
        assertWarning(modern.replace("cgroupfs", "none"), "no limit of memory, CPUs or processes is enforced");
    }

    @Test
    void a_swarm_mapped_users_and_missing_forwarding_are_warned_of() throws IOException {
        assertWarning(SOUND.replace("inactive", "active"), "swarm", "this node only");
        assertWarning(SOUND.replace("name=seccomp,profile=default", "name=userns"), "maps users", "rights");
        assertWarning(SOUND.replace("\"IPv4Forwarding\":true", "\"IPv4Forwarding\":false"), "sysctl");
    }

    private static void assertWarning(String info, String... parts) throws IOException {
        assertThat(check("1.41", info, OptionalLong.empty()).problem()).isEmpty();
        assertThat(check("1.41", info, OptionalLong.empty()).warnings())
                .singleElement()
                .asString()
                .contains(parts);
    }

    private static String problem(String api, String info) throws IOException {
        return check(api, info, OptionalLong.empty()).problem().orElseThrow();
    }

    private static EngineCheck check(String api, String info, OptionalLong free) throws IOException {
        Version version = JSON.readValue("{\"Version\":\"20.10.24\",\"ApiVersion\":\"" + api + "\"}", Version.class);
        return new EngineCheck(EngineFacts.of(version, JSON.readValue("{" + info + "}", Info.class)), free);
    }
}

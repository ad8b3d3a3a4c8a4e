package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.Program;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Limits as those feel them who go over them, and as they see them from inside. */
class LimitsIT extends OneStack {
    private static final long MEMORY = 32 << 20;
    private static final int PIDS = 40;

    /** Doubles itself until there are a thousand: a bomb that goes out by itself, should nothing else end it. */
    private static final String BOMB = "f() { [ $1 -gt 0 ] || exec sleep 30; f $(($1 - 1)) & f $(($1 - 1)) & wait; };"
            + " f 9 & while :; do sleep 1; done";

    @Test
    void a_service_over_its_memory_is_killed_and_says_so_and_its_neighbour_lives_on() throws Exception {
        backend()
                .up(
                        plan(
                                greedy(Workload.service("greedy", Programs.IMAGE)),
                                Programs.service("frugal", new Program.Sleeps()).limits(limits(MEMORY, PIDS))),
                        UpOptions.defaults());
        soon().until(() -> status("greedy").state() == WorkloadState.EXITED);
        WorkloadStatus greedy = status("greedy");
        assertThat(greedy.exitCode()).hasValue(137);
        assertThat(greedy.reason()).isEqualTo("out of memory");
        assertThat(greedy.outOfMemory()).isTrue();
        WorkloadStatus frugal = status("frugal");
        assertThat(frugal.state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(frugal.reason()).isEmpty();
        assertThat(frugal.outOfMemory()).isFalse();
    }

    @Test
    void a_child_over_the_memory_of_its_service_is_killed_alone_and_noted_when_the_service_ends() throws Exception {
        List<String> parent = Programs.shell("tail /dev/zero; echo \"the child: $?\"; exec sleep 86400");
        backend()
                .up(
                        plan(Workload.service("a", Programs.IMAGE)
                                .command(parent)
                                .limits(limits(MEMORY, PIDS))),
                        UpOptions.defaults());
        soon().until(() -> lines(backend().logs(LogQuery.all())).contains("the child: 137"));
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        backend().stop(Selection.all(), StopOptions.defaults());
        assertThat(status("a").outOfMemory()).isTrue(); // before that, an engine of 20.10 keeps it to itself
    }

    @Test
    void a_job_over_its_memory_fails_with_what_it_said_before() throws Exception {
        ExitStatus exit =
                backend().run(greedy(Workload.job("greedy", Programs.IMAGE)).build(), RunOptions.defaults());
        assertThat(exit.code()).isEqualTo(137);
        assertThat(exit.succeeded()).isFalse();
        assertThat(exit.output()).contains("I am greedy");
    }

    @Test
    void a_fork_bomb_stops_at_the_limit_and_nobody_else_feels_it() throws Exception {
        backend()
                .up(
                        plan(
                                Workload.service("bomb", Programs.IMAGE)
                                        .command(Programs.shell(BOMB))
                                        .limits(limits(64 << 20, PIDS)),
                                Programs.service("other", new Program.Ticks())),
                        UpOptions.defaults());
        List<Integer> counted = new ArrayList<>();
        soon().until(() -> {
            counted.add(processes("bomb"));
            return lines(backend().logs(LogQuery.all().only(Selection.of("bomb")))).stream()
                    .anyMatch(line -> line.contains("can't fork"));
        });
        for (int i = 0; i < 20; i++) {
            counted.add(processes("bomb"));
        }
        assertThat(counted).allSatisfy(count -> assertThat(count).isBetween(1, PIDS));
        ExitStatus beside = backend()
                .run(Programs.job("beside", new Program.Exits("here", 0)).build(), RunOptions.defaults());
        assertThat(beside.output()).as("another container starts").isEqualTo("here");
        assertThat(status("bomb").state()).as("its first process goes on").isEqualTo(WorkloadState.RUNNING);
        assertThat(status("other").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void a_service_sees_its_limits_from_inside() throws Exception {
        String look = "cd /sys/fs/cgroup;"
                + " cat memory/memory.limit_in_bytes pids/pids.max cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us 2>/dev/null"
                + " || { cat memory.max pids.max; tr ' ' '\\n' <cpu.max; }";
        Workload job = Workload.job("j", Programs.IMAGE)
                .command(Programs.shell(look))
                .limits(limits(MEMORY, PIDS))
                .build();
        List<String> seen =
                backend().run(job, RunOptions.defaults()).output().lines().toList();
        assertThat(seen).hasSize(4).startsWith(Long.toString(MEMORY), Integer.toString(PIDS));
        assertThat(Long.parseLong(seen.get(2)) * 1000 / Long.parseLong(seen.get(3)))
                .as("thousandths of a CPU")
                .isEqualTo(250);
    }

    @Test
    void a_hardened_service_has_no_capability_but_those_it_was_given_and_writes_only_where_something_is_mounted()
            throws Exception {
        Path out = Files.createDirectory(root().resolve("out"));
        String look = "grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status >/out/status;"
                + " for f in / /etc /bin /usr /var/www; do touch $f/x 2>/dev/null && echo $f >>/out/written; done;"
                + " mount -t tmpfs none /tmp 2>/dev/null && echo mounted >>/out/written;"
                + " touch /out/done; exec sleep 86400";
        backend()
                .up(
                        plan(Workload.service("a", Programs.IMAGE)
                                .command(Programs.shell(look))
                                .mount(new PlannedMount.Bind(out, "/out", false))
                                .container(new ContainerOptions(
                                        Map.of(),
                                        List.of(),
                                        Map.of(),
                                        new Hardening(List.of("ALL"), List.of("KILL"), true, true),
                                        Optional.empty(),
                                        DockerAccess.NONE))),
                        UpOptions.defaults());
        soon().until(() -> Files.exists(out.resolve("done")));
        assertThat(Files.readString(out.resolve("status")).replace('\t', ' ').lines())
                .contains("CapPrm: 0000000000000020", "CapEff: 0000000000000020", "CapBnd: 0000000000000020")
                .contains("CapAmb: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2");
        assertThat(out.resolve("written")).doesNotExist();
    }

    private static WorkloadBuilder greedy(WorkloadBuilder workload) {
        return workload.command(Programs.shell("echo I am greedy; sleep 1; exec tail /dev/zero"))
                .limits(limits(MEMORY, PIDS));
    }

    private static Limits limits(long memory, int pids) {
        return new Limits(OptionalLong.of(memory), OptionalInt.of(250), OptionalInt.of(pids));
    }

    /** As the engine counts them. */
    private int processes(String service) {
        return engine().topContainerCmd(container(service)).exec().getProcesses().length;
    }
}

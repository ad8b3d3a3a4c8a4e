package dev.angee.compose;

import dev.angee.contract.BackendContract;
import dev.angee.contract.Program;
import dev.angee.plan.ProjectName;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** The compose backend keeps the promises of every backend, on a real engine. */
@ExtendWith(RealDocker.class)
class ComposeBackendIT extends BackendContract {
    @Override
    protected Backend open(ProjectName project, Path root) {
        return RealDocker.open(project, root);
    }

    @Override
    protected WorkloadBuilder service(String name, Program program) {
        return Programs.service(name, program);
    }

    @Override
    protected WorkloadBuilder job(String name, Program program) {
        return Programs.job(name, program);
    }

    @Override
    protected WorkloadBuilder healthyWhile(WorkloadBuilder service, Path flag) {
        return Programs.healthyWhile(service, flag);
    }

    @Override
    protected WorkloadBuilder broken(String name) {
        return Workload.service(name, Programs.IMAGE).command(List.of("no-such-program"));
    }
}

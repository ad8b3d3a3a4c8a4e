package dev.angee.runtime;

import dev.angee.RuntimeKind;
import dev.angee.contract.BackendContract;
import dev.angee.contract.InMemoryEngine;
import dev.angee.contract.InMemoryPrograms;
import dev.angee.contract.Program;
import dev.angee.plan.ProjectName;
import dev.angee.plan.WorkloadBuilder;
import java.nio.file.Path;

/** The backend that everything above the seam is tested with keeps the contract itself. */
class InMemoryBackendTest extends BackendContract {
    private final InMemoryEngine engine = new InMemoryEngine(RuntimeKind.LOCAL);

    @Override
    protected Backend open(ProjectName project, Path root) {
        return engine.open(project, root);
    }

    @Override
    protected WorkloadBuilder service(String name, Program program) {
        return InMemoryPrograms.service(name, program);
    }

    @Override
    protected WorkloadBuilder job(String name, Program program) {
        return InMemoryPrograms.job(name, program);
    }

    @Override
    protected WorkloadBuilder healthyWhile(WorkloadBuilder service, Path flag) {
        return InMemoryPrograms.healthyWhile(service, flag);
    }

    @Override
    protected WorkloadBuilder broken(String name) {
        return InMemoryPrograms.broken(name);
    }
}

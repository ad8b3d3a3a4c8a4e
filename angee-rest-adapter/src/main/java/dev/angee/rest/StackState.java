package dev.angee.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.angee.stack.StackStatus;
import dev.angee.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A stack with its workspaces, as it is sent. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record StackState(
        String root,
        @JsonInclude(JsonInclude.Include.ALWAYS) String name,
        Map<String, ServiceState> services,
        Map<String, JobState> jobs,
        Map<String, WorkspaceRef> workspaces) {

    static StackState of(StackStatus stack, List<Workspace> made) {
        Map<String, ServiceState> services = new TreeMap<>();
        stack.services().forEach((name, service) -> services.put(name, ServiceState.of(service)));
        Map<String, JobState> jobs = new TreeMap<>();
        stack.jobs().forEach((name, runtime) -> jobs.put(name, new JobState(name, runtime.id())));
        Map<String, WorkspaceRef> workspaces = new TreeMap<>();
        made.forEach(workspace -> workspaces.put(workspace.name(), WorkspaceRef.of(workspace)));
        return new StackState(stack.root().toString(), stack.name(), services, jobs, workspaces);
    }
}

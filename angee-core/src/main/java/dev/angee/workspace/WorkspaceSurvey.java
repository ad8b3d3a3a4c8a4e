package dev.angee.workspace;

import java.util.List;

/**
 * The workspaces of a root, as far as they can be read: a damaged record does not hide the others.
 *
 * @param workspaces those that can be read, in name order
 * @param problems what is wrong with each of the others, for people
 */
public record WorkspaceSurvey(List<Workspace> workspaces, List<String> problems) {
    /** Copies the lists. */
    public WorkspaceSurvey {
        workspaces = List.copyOf(workspaces);
        problems = List.copyOf(problems);
    }
}

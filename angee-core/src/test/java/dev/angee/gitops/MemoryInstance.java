package dev.angee.gitops;

import dev.angee.instance.Angee;
import dev.angee.instance.AngeeBuilder;
import dev.angee.source.BranchName;
import dev.angee.source.FetchProgress;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An instance with workspaces whose repositories are in memory. Source {@code s} fills the slots called {@code s}. */
final class MemoryInstance implements AutoCloseable {
    final MemorySourceControl control = new MemorySourceControl();
    final Path root;
    private final Path state;
    private Angee angee;

    MemoryInstance(Path folder, String... sources) throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        state = folder.resolve("state");
        StringBuilder manifest = new StringBuilder("name: test\nsources:\n");
        for (String source : sources) {
            manifest.append("  ")
                    .append(source)
                    .append(": { kind: git, repo: \"")
                    .append(cache(source))
                    .append("\" }\n");
            Files.createDirectories(cache(source));
            control.remote(cache(source), "main", "README", "first");
        }
        Files.writeString(root.resolve("angee.yaml"), manifest);
        angee = builder().build();
    }

    AngeeBuilder builder() {
        return Angee.builder(root).sourceControl(control).stateFolder(state);
    }

    void reopen(AngeeBuilder parts) {
        angee.close();
        angee = parts.build();
    }

    Path cache(String source) {
        return root.resolve("sources").resolve(source);
    }

    Path path(String workspace, String slot) {
        return root.resolve("workspaces").resolve(workspace).resolve(slot);
    }

    MemorySourceControl.Folder folder(String workspace, String slot) {
        return control.folder(path(workspace, slot));
    }

    Angee angee() {
        return angee;
    }

    GitOps gitops() {
        return angee.gitops();
    }

    /** A workspace as if it had been made, with a slot for each of the sources. */
    void workspace(String name, String... slots) throws IOException {
        StringBuilder records = new StringBuilder();
        for (String slot : slots) {
            Path path = Files.createDirectories(path(name, slot));
            records.append(records.length() == 0 ? "" : ",")
                    .append("""
                    {"name": "%s", "source": "%s", "branch": "%s", "base": "main", "cache": "%s", "path": "%s"}\
                    """.formatted(slot, slot, name + "-" + slot, cache(slot), path));
            control.addWorktree(
                    new Worktree(cache(slot), path),
                    BranchName.of(name + "-" + slot),
                    BranchName.of("main"),
                    FetchProgress.none());
        }
        record(name, """
                {"version": 1, "name": "%s", "template": "t", "inputs": {}, "chainRoot": null, "allocations": {},
                 "slots": [%s]}
                """.formatted(name, records));
    }

    void record(String name, String json) throws IOException {
        Path folder = Files.createDirectories(root.resolve("run/workspaces"));
        Files.writeString(folder.resolve(name + ".json"), json);
    }

    /** An uncommitted change. */
    void edit(String workspace, String slot, String file, String content) {
        folder(workspace, slot).edits.put(file, content);
    }

    /** A commit. */
    void commit(String workspace, String slot, String file, String content) {
        edit(workspace, slot, file, content);
        control.in(new Worktree(cache(slot), path(workspace, slot)))
                .commit("change " + file, dev.angee.source.Author.angee());
    }

    /** A commit of somebody else, on the remote. */
    void elsewhere(String source, String branch, String file, String content) {
        control.remote(cache(source), branch, file, content);
    }

    List<String> calls(String verb) {
        return control.calls.stream()
                .filter(call -> call.startsWith(verb + " "))
                .toList();
    }

    @Override
    public void close() {
        angee.close();
    }
}

package dev.angee.examples;

import com.google.common.io.MoreFiles;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.instance.Angee;
import dev.angee.port.PortLease;
import dev.angee.port.PortProbe;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeRecord;
import dev.angee.workspace.DestroyOptions;
import dev.angee.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes a demonstration down, and looks that nothing is left of it. */
final class Cleanup {
    /** Marks a root that a quickstart made, and may delete. */
    static final String MARKER = ".angee-quickstart";

    private final Path root;
    private final SourceControl control;
    private final Terminal terminal;

    Cleanup(Path root, SourceControl control, Terminal terminal) {
        this.root = root;
        this.control = control;
        this.terminal = terminal;
    }

    /** Also what a run that was killed has left: opening the root takes back what was half made. */
    void run() throws InterruptedException {
        if (!Files.exists(root.resolve(MARKER))) {
            throw new AngeeException(ErrorCode.INVALID, root + " was not made by a quickstart, and is left alone");
        }
        Stopwatch watch = new Stopwatch();
        if (!Files.exists(root.resolve("angee.yaml"))) {
            deleteFolder(root); // killed before there was anything to take down
            return;
        }
        List<String> left = new ArrayList<>();
        try (Angee angee = Angee.open(root)) {
            angee.recovered().undone().forEach(name -> terminal.detail("took back " + name + ", which was half made"));
            Map<Integer, String> ports = new TreeMap<>();
            for (PortLease lease : angee.ports().leases(angee.root())) {
                ports.put(lease.port(), lease.owner().toString());
            }
            for (Workspace workspace : angee.workspaces().list()) {
                Stopwatch each = new Stopwatch();
                angee.workspaces().destroy(workspace.name(), DestroyOptions.discardingWork());
                terminal.done(workspace.name() + " is down and gone", each.time());
                left.addAll(processesIn(workspace.path()));
            }
            ports.forEach((port, owner) -> {
                if (!PortProbe.binding().isFree(port)) {
                    left.add("port " + port + " of " + owner);
                }
            });
            angee.ports().leases(angee.root()).forEach(lease -> left.add("lease " + lease.port()));
            for (WorktreeRecord worktree : control.worktrees(angee.root().resolve("sources/app"))) {
                left.add("worktree " + worktree.path());
            }
        }
        if (!left.isEmpty()) {
            throw new AngeeException(ErrorCode.FAILED, "still there: " + String.join(", ", left));
        }
        deleteFolder(root);
        terminal.done("no process, port, lease or worktree is left", watch.time());
    }

    static void deleteFolder(Path folder) {
        try {
            MoreFiles.deleteRecursively(folder);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Processes that name the folder on their command line, as the demonstration's services do. */
    private static List<String> processesIn(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(folder.toString()))
                        .isPresent())
                .map(process -> "process " + process.pid())
                .toList();
    }
}

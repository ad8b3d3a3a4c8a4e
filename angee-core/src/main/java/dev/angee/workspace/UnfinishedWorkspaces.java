package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.FileTree;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SourceKind;
import dev.angee.operation.Journal;
import dev.angee.render.RenderRecovery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Workspaces that are half made: by whom it failed, or by a JVM that died. */
final class UnfinishedWorkspaces {
    private final WorkspaceContext context;
    private final WorkspaceStore store;
    private final WorktreeRemoval removal;
    private final WorkspaceSecrets secrets;
    private final ManifestReader reader = new ManifestReader();

    UnfinishedWorkspaces(WorkspaceContext context) {
        this.context = context;
        this.store = new WorkspaceStore(context.layout());
        this.removal = new WorktreeRemoval(context.sourceControl());
        this.secrets = new WorkspaceSecrets(context);
    }

    /** Also when interrupted: the interrupt waits until everything is taken back. */
    void takeBack(String name, Throwable failure) {
        boolean interrupted = Thread.interrupted();
        try {
            undo(name);
            context.journal().end(name);
        } catch (RuntimeException undoing) {
            failure.addSuppressed(undoing);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What becomes of all that were begun and not ended, but for those that another JVM is at work on. */
    Recovery recover() {
        List<String> undone = new ArrayList<>();
        List<String> settled = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (Journal.Entry entry : context.journal().entries()) {
            String name = entry.subject();
            Optional<FileLocks.Held> held = FileLocks.tryTake(store.lockFile(name), "recover");
            if (held.isEmpty()) {
                continue;
            }
            try (FileLocks.Held lock = held.get()) {
                if (context.journal().entries().contains(entry)) {
                    Optional<RenderRecovery> files = new WorkspaceFiles(context.layout(), name).recover();
                    boolean isMade = store.read(name).isPresent(); // with its files, which come last
                    if (isMade && files.isPresent()) {
                        settled.add("workspace '" + name + "': its making was completed");
                    }
                    if (!isMade) {
                        undo(name);
                        undone.add(name);
                    }
                    secrets.adopt(name);
                    store.forgetMaking(name);
                    context.journal().end(name);
                }
                lock.check();
            } catch (AngeeException e) {
                failed.add(name + ": " + e.getMessage());
            }
        }
        Set<String> left = new TreeSet<>(WorkspaceFiles.unfinished(context.layout()));
        left.addAll(store.inTheMaking());
        for (String name : left) {
            settle(name, settled, failed);
        }
        return new Recovery(undone, settled, failed);
    }

    private void settle(String name, List<String> settled, List<String> failed) {
        Optional<FileLocks.Held> held = FileLocks.tryTake(store.lockFile(name), "recover");
        if (held.isEmpty()) {
            return;
        }
        try (FileLocks.Held lock = held.get()) {
            new WorkspaceFiles(context.layout(), name)
                    .recover()
                    .ifPresent(end -> settled.add("workspace '" + name + "': its update was "
                            + (end.made() ? "completed" : "taken back")
                            + (end.kept().isEmpty() ? "" : "; " + String.join("; ", end.kept()))));
            secrets.adopt(name);
            lock.check();
        } catch (AngeeException e) {
            failed.add(name + ": " + e.getMessage());
        }
    }

    /** Takes back what was made of a workspace, from what is there; nothing that somebody has worked in meanwhile. */
    private void undo(String name) {
        Path folder = context.layout().workspace(name);
        WorkspaceFiles files = new WorkspaceFiles(context.layout(), name);
        Optional<RenderRecovery> unused = files.recover(); // ended or taken back, it goes with the folder
        store.forget(name); // first, so that whoever goes on with this does not find a workspace that was made
        Making making = store.making(name);
        Set<Path> caches = new TreeSet<>(making.caches().stream().map(Path::of).toList());
        reader.read(context.layout().manifest()).sources().values().stream()
                .filter(source -> source.kind() == SourceKind.GIT)
                .forEach(source -> caches.add(context.layout().source(source)));
        caches.forEach(cache -> removal.ofUnfinished(cache, folder));
        FileTree.delete(folder);
        context.ledger().release(context.layout().root(), Workspaces.owner(name));
        secrets.forget(making.secrets());
        files.forget();
        ManifestAdditions.takeBack(context.layout().manifest(), making);
        store.forgetMaking(name);
    }
}

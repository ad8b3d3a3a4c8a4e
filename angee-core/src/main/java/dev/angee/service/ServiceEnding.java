package dev.angee.service;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.internal.StateFormat;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.ManifestEditor;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.service.ServiceRecord.Pending;
import dev.angee.service.ServiceRecord.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Takes one service away. */
final class ServiceEnding {
    private static final String ENDING = ".json";

    private final ServiceContext context;
    private final String name;

    ServiceEnding(ServiceContext context, String name) {
        this.context = context;
        this.name = name;
    }

    /**
     * One whose lock is held. What was begun with it and cannot be taken back goes with it.
     *
     * @param jobs those that its template made
     */
    void destroy(ServiceRemoval options, ServiceFiles files, Collection<String> jobs) throws InterruptedException {
        ServiceRecord before = files.record();
        boolean ours = files.isFromTemplate();
        if (!ours && before.equals(ServiceRecord.nothing())) {
            undeclare(options, List.of(), before);
            return;
        }
        if (ours) {
            files.requireOwnFolder();
        }
        Set<String> all = new TreeSet<>(jobs);
        Optional<Pending> begun = Optional.ofNullable(before.pending());
        all.addAll(begun.map(this::jobs).orElse(Set.of()));
        ServiceRecord record = owning(before, begun);
        requireSound(all, record);
        StateFormat.mark(context.layout().run());
        ServiceRecord going = record.with(Pending.of(ours ? Work.REMOVING : Work.LEAVING));
        files.write(going);
        boolean gone = false;
        try {
            undeclare(options, all, record);
            gone = true;
        } finally {
            if (!gone) {
                files.write(before);
            }
        }
        new ServiceSettling(context, name, files).clear(going);
    }

    /** What was begun is its own, but what somebody has set meanwhile. */
    private ServiceRecord owning(ServiceRecord before, Optional<Pending> begun) {
        ServiceRecord record = before;
        if (begun.isPresent()) {
            Pending own = begun.get();
            for (String taken : new ServiceSecrets(context).taken(own)) {
                own = own.without(taken);
            }
            record = before.with(own);
        }
        return record.settled();
    }

    /** Those that were written into the manifest with it. */
    private Set<String> jobs(Pending begun) {
        Set<String> jobs = new TreeSet<>();
        Optional.ofNullable(begun.manifest()).ifPresent(made -> {
            jobs.addAll(ServiceDocument.jobs(made.after()));
            jobs.removeAll(ServiceDocument.jobs(made.before()));
            jobs.removeIf(job -> !job.startsWith(name + "-"));
        });
        return jobs;
    }

    /** Ends it, and takes its entries out of the manifest; if these are needed, it goes on running. */
    void undeclare(ServiceRemoval options, Collection<String> jobs, ServiceRecord record) throws InterruptedException {
        requireSound(jobs, record);
        if (options.running() == ServiceRemoval.Running.STOP) {
            stop(options);
        }
        var unused = ManifestEditor.edit(context.layout().manifest(), editor -> remove(editor, jobs, record));
    }

    private void requireSound(Collection<String> jobs, ServiceRecord record) {
        Path file = context.layout().manifest();
        ManifestEditor trial = ManifestEditor.open(file);
        remove(trial, jobs, record);
        EditOptions.defaults().check().check(file.toString(), trial.text());
    }

    private void remove(ManifestEditor editor, Collection<String> jobs, ServiceRecord record) {
        editor.remove(List.of("services", name));
        jobs.stream().map(job -> List.of("jobs", job)).filter(editor::has).forEach(editor::remove);
        ServiceSettling.unused(editor.text(), record).stream()
                .map(secret -> List.of("secrets", secret))
                .filter(editor::has)
                .forEach(editor::remove);
        new DeclaredWorkspaces(context.layout(), name).remove(editor, record.workspaces());
    }

    private void stop(ServiceRemoval options) throws InterruptedException {
        try {
            context.stacks()
                    .get(context.layout().root())
                    .stop(Selection.of(name), StopOptions.defaults().grace(options.grace()));
        } catch (NotFoundException e) {
            // It was never brought up, so there is nothing to end.
        }
    }

    /** The services that something is remembered of. */
    static List<String> recorded(StackLayout layout) {
        Path folder = layout.run().resolve("services");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ENDING) && !file.startsWith("."))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list " + folder + ": " + e.getMessage(), e);
        }
    }
}

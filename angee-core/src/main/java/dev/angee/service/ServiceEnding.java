package dev.angee.service;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.internal.StateFormat;
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

    /** One that was made from a template; its lock is held. */
    void destroy(ServiceRemoval options, ServiceFiles files, Collection<String> jobs) throws InterruptedException {
        ServiceRecord record = files.record();
        StateFormat.mark(context.layout().run());
        files.write(record.with(Pending.of(Work.REMOVING)));
        boolean gone = false;
        try {
            undeclare(options, jobs, record);
            gone = true;
        } finally {
            if (!gone) {
                files.write(record);
            }
        }
        new ServiceSettling(context, name, files).clear(record);
    }

    /** Ends it, and takes its entries out of the manifest. */
    void undeclare(ServiceRemoval options, Collection<String> jobs, ServiceRecord record) throws InterruptedException {
        if (options.running() == ServiceRemoval.Running.STOP) {
            stop(options);
        }
        var unused = ManifestEditor.edit(context.layout().manifest(), editor -> {
            editor.remove(List.of("services", name));
            jobs.stream().map(job -> List.of("jobs", job)).filter(editor::has).forEach(editor::remove);
            ServiceSettling.unused(editor.text(), record).stream()
                    .map(secret -> List.of("secrets", secret))
                    .filter(editor::has)
                    .forEach(editor::remove);
        });
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

package dev.angee.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Debian's {@code runit}: {@code runsvdir}, and for each service a {@code runsv} and an {@code svlogd}. */
final class Runit implements Contender {
    private final ProcessLoad load;
    private final Path folder;
    private final Path services;
    private @Nullable Process daemon;

    Runit(ProcessLoad load) {
        this.load = load;
        this.folder = load.folder();
        this.services = folder.resolve("services");
    }

    @Override
    public void prepare() throws IOException {
        for (int i = 0; i < load.many(); i++) {
            Path service = services.resolve(load.name(i));
            Path kept = Files.createDirectories(service.resolve("log/main"));
            Files.writeString(kept.resolve("config"), "s10485760\nn4\n");
            script(service.resolve("run"), "exec 2>&1\n" + load.waitingScript(i));
            script(service.resolve("log/run"), "exec svlogd ./main");
        }
        // where the folder has changed within this second, runsvdir waits for the next
        Files.setLastModifiedTime(services, FileTime.fromMillis(0));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public void start() throws IOException {
        daemon = Procs.command(folder, List.of("/usr/bin/runsvdir", services.toString()))
                .start();
    }

    /** Runs {@code sv status} for all. */
    void status() throws Exception {
        List<String> words = new ArrayList<>(List.of("/usr/bin/sv", "status"));
        for (int i = 0; i < load.many(); i++) {
            words.add(services.resolve(load.name(i)).toString());
        }
        Procs.run(folder, words.toArray(String[]::new));
    }

    @Override
    public void stop() throws Exception {
        if (daemon == null) {
            throw new IllegalStateException("it was not started");
        }
        List<ProcessHandle> all = Procs.of(folder);
        Procs.signal(folder, "HUP", daemon);
        Procs.awaitEnd(all);
    }
}

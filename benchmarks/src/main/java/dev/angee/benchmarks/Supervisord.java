package dev.angee.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Debian's {@code supervisor}, with logs that are bounded as ours. */
final class Supervisord implements Contender {
    /** What is there when the clock begins to run. */
    enum Beginning {
        /** Only the configuration; the daemon is started. */
        COLD,
        /** The daemon; {@code supervisorctl update} makes it read what it is to run. */
        WARM
    }

    private static final String CONFIGURATION = """
            [unix_http_server]
            file=%1$s/sock
            [supervisord]
            nodaemon=true
            silent=true
            logfile=%1$s/supervisord.log
            pidfile=%1$s/pid
            childlogdir=%1$s/log
            minfds=4096
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
            [supervisorctl]
            serverurl=unix://%1$s/sock
            [include]
            files=%1$s/programs/*.conf
            """;

    /** A semicolon with a space before it would begin a comment. */
    private static final String PROGRAM = """
            [program:%2$s]
            command=/bin/sh -c "%3$s"
            directory=%1$s
            redirect_stderr=true
            stdout_logfile=%1$s/log/%2$s.log
            stdout_logfile_maxbytes=10MB
            stdout_logfile_backups=4
            """;

    private static final String CONTROL = "/usr/bin/supervisorctl";
    private static final long DEADLINE_SECONDS = 30;

    private final ProcessLoad load;
    private final Path folder;
    private final Beginning beginning;
    private @Nullable Process daemon;

    Supervisord(ProcessLoad load, Beginning beginning) {
        this.load = load;
        this.folder = load.folder();
        this.beginning = beginning;
    }

    /** The socket on which it answers XML-RPC. */
    Path socket() {
        return folder.resolve("sock");
    }

    @Override
    public void prepare() throws Exception {
        Files.createDirectories(folder.resolve("programs"));
        Files.createDirectories(folder.resolve("log"));
        Files.writeString(configuration(), CONFIGURATION.formatted(folder));
        if (beginning == Beginning.WARM) {
            startDaemon();
            awaitDaemon();
        }
        for (int i = 0; i < load.many(); i++) {
            Files.writeString(
                    folder.resolve("programs").resolve(load.name(i) + ".conf"),
                    PROGRAM.formatted(folder, load.name(i), load.waitingScript(i)));
        }
    }

    private Path configuration() {
        return folder.resolve("supervisord.conf");
    }

    private void startDaemon() throws IOException {
        daemon = Procs.command(
                        folder,
                        List.of("/usr/bin/supervisord", "-c", configuration().toString()))
                .start();
    }

    private void awaitDaemon() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!Files.exists(socket())) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("supervisord does not answer, see " + folder);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void start() throws Exception {
        if (beginning == Beginning.WARM) {
            control("update");
        } else {
            startDaemon();
        }
    }

    /** Runs {@code supervisorctl}. */
    void control(String word) throws Exception {
        Procs.run(folder, CONTROL, "-c", configuration().toString(), word);
    }

    /** Its signal alone would do, but then it ends one program after the other, each in a turn of its loop. */
    @Override
    public void stop() throws Exception {
        if (daemon == null) {
            throw new IllegalStateException("it was not started");
        }
        Procs.run(folder, CONTROL, "-c", configuration().toString(), "stop", "all");
        if (beginning == Beginning.COLD) {
            daemon.destroy();
            daemon.waitFor();
        }
    }
}

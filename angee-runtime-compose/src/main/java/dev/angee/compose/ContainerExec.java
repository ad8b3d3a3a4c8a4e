package dev.angee.compose;

import com.github.dockerjava.api.command.ExecCreateCmd;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.TerminalSize;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program inside a container, over one connection of its own: docker-java can be given input, but never ends it.
 *
 * <p>Without a terminal the engine sends frames, each with a head of eight bytes that says which stream it is of; with one,
 * plain bytes.
 */
final class ContainerExec implements ExecSession {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerExec.class);
    private static final int STDERR = 2;
    private static final int BLOCK = 16 * 1024;
    private static final int END_OF_TRANSMISSION = 4;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LOOK_SOON = Duration.ofMillis(5);
    private static final int SOON = 10;
    private static final Duration LAST_WORD = Duration.ofMillis(200);
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private final Engine engine;
    private final String id;
    private final boolean onTerminal;
    private final EngineResponse connection;
    private final BytePipe output = new BytePipe();
    private final BytePipe errors = new BytePipe();
    private final InputStream fromOutput = output.reader();
    private final InputStream fromErrors = errors.reader();
    private final CountDownLatch silent = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    private ContainerExec(Engine engine, String id, boolean onTerminal, EngineResponse connection) {
        this.engine = engine;
        this.id = id;
        this.onTerminal = onTerminal;
        this.connection = connection;
    }

    /** Starts the program in a container that runs. */
    static ContainerExec start(Engine engine, ProjectContainer container, ExecRequest request)
            throws InterruptedException {
        boolean terminal = request.terminal().isPresent();
        String id = create(engine, container, request);
        String body = "{\"Detach\":false,\"Tty\":" + terminal + "}";
        EngineResponse connection = connect(engine, container, "/exec/" + id + "/start", body);
        ContainerExec exec = new ContainerExec(engine, id, terminal, connection);
        engine.streams().adopt(exec);
        try {
            Future<?> unused = engine.streams().background(exec::read);
            if (terminal) {
                exec.sizeAtStart(request.terminal().get());
            }
        } catch (RuntimeException | InterruptedException e) {
            exec.close();
            throw e;
        }
        return exec;
    }

    private static String create(Engine engine, ProjectContainer container, ExecRequest request)
            throws InterruptedException {
        return engine.ask("to run a program in service '" + container.service() + "'", client -> {
            ExecCreateCmd command = client.execCreateCmd(container.id())
                    .withCmd(request.command().toArray(String[]::new))
                    .withEnv(request.environment().entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .toList())
                    .withAttachStdin(true)
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .withTty(request.terminal().isPresent());
            request.workdir().ifPresent(command::withWorkingDir);
            request.user().ifPresent(command::withUser);
            try {
                return command.exec().getId();
            } catch (ConflictException | NotFoundException e) {
                throw doesNotRun(container);
            }
        });
    }

    private static EngineResponse connect(Engine engine, ProjectContainer container, String path, String body)
            throws InterruptedException {
        CompletableFuture<EngineResponse> taken = new CompletableFuture<>();
        try {
            return engine.ask("to run a program", client -> {
                EngineResponse begun = begin(engine, container, path, body);
                if (!taken.complete(begun)) {
                    closeQuietly(begun);
                }
                return begun;
            });
        } catch (AngeeException | InterruptedException e) {
            if (!taken.cancel(false)) {
                closeQuietly(taken.join()); // it came just when it was given up
            }
            throw e;
        }
    }

    /** For a worker: the engine may take its time for the head of its answer, or never send one. */
    private static EngineResponse begin(Engine engine, ProjectContainer container, String path, String body) {
        EngineResponse connection;
        try {
            connection = engine.streams().upgrade(path, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int status = connection.status();
        if (status == 101 || status == 200) {
            return connection;
        }
        try (connection) {
            if (status == 409 || status == 404) {
                throw doesNotRun(container);
            }
            String said = new String(connection.body().readNBytes(1000), StandardCharsets.UTF_8);
            throw new DockerException(said, status);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AngeeException doesNotRun(ProjectContainer container) {
        return new AngeeException(
                ErrorCode.CONFLICT,
                "service '" + container.service() + "' does not run, or is paused; start it, or let it go on, first");
    }

    @Override
    public OutputStream input() {
        return new Input();
    }

    @Override
    public InputStream output() {
        return fromOutput;
    }

    @Override
    public InputStream errors() {
        return fromErrors;
    }

    @Override
    public void resize(TerminalSize size) throws InterruptedException {
        if (!onTerminal) {
            throw new AngeeException(ErrorCode.CONFLICT, "the program has no terminal");
        }
        if (!tryToResize(size)) {
            throw new AngeeException(ErrorCode.CONFLICT, "the program has ended, and its terminal with it");
        }
    }

    /** The engine takes a size only once the program runs, which it does not tell of (20.10). */
    private void sizeAtStart(TerminalSize size) throws InterruptedException {
        Deadline patience = Deadline.after(SETTLING);
        while (!tryToResize(size) && !patience.hasPassed() && isRunning()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private boolean tryToResize(TerminalSize size) throws InterruptedException {
        return engine.ask("for another size of a terminal", client -> {
            try {
                client.resizeExecCmd(id).withSize(size.rows(), size.columns()).exec();
                return true;
            } catch (DockerException e) {
                LOG.trace("not resized", e);
                return false;
            }
        });
    }

    private boolean isRunning() throws InterruptedException {
        return Boolean.TRUE.equals(inspect().isRunning());
    }

    private InspectExecResponse inspect() throws InterruptedException {
        return engine.ask(
                "how a program has ended", client -> client.inspectExecCmd(id).exec());
    }

    @Override
    public OptionalInt await(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        int looks = 0;
        while (true) {
            InspectExecResponse now = inspect();
            Long code = now.getExitCodeLong();
            if (Boolean.FALSE.equals(now.isRunning()) && code != null) {
                return OptionalInt.of(code.intValue());
            }
            if (deadline.hasPassed()) {
                return OptionalInt.empty();
            }
            // Its streams end with it; unless something that it has started holds them.
            long pause = Math.min(deadline.nanosLeft(), LOOK_AGAIN.toNanos());
            if (silent.await(pause, TimeUnit.NANOSECONDS)) {
                // The engine notes the exit code a little later, unless it has closed its outputs and lives on.
                Duration again = looks++ < SOON ? LOOK_SOON : LOOK_AGAIN;
                TimeUnit.NANOSECONDS.sleep(Math.min(deadline.nanosLeft(), again.toNanos()));
            }
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (onTerminal && silent.getCount() > 0) {
            hangUp();
        }
        closeQuietly(connection);
        closeQuietly(fromOutput);
        closeQuietly(fromErrors);
        engine.streams().release(this);
    }

    /** A program that reads nothing keeps whoever writes to it, and the last word too; it does not keep us. */
    private void hangUp() {
        try {
            engine.streams().background(this::sayTheLastWord).get(LAST_WORD.toNanos(), TimeUnit.NANOSECONDS);
        } catch (AngeeException | ExecutionException | TimeoutException e) {
            LOG.trace("let go of without a last word", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayTheLastWord() {
        try {
            connection.write(new byte[] {END_OF_TRANSMISSION}, 0, 1);
        } catch (IOException e) {
            LOG.trace("the program is gone already", e);
        }
    }

    private void read() {
        IOException failure = null;
        try {
            if (onTerminal) {
                readPlain(connection.body());
            } else {
                readFrames(new DataInputStream(connection.body()));
            }
        } catch (IOException e) {
            failure = closed.get() ? null : e;
        } catch (InterruptedException e) {
            failure = closed.get() ? null : new IOException("the backend was closed");
        } finally {
            output.end(failure);
            errors.end(failure);
            silent.countDown();
        }
    }

    private void readPlain(InputStream in) throws IOException, InterruptedException {
        byte[] block = new byte[BLOCK];
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            output.write(block, 0, n);
        }
    }

    private void readFrames(DataInputStream in) throws IOException, InterruptedException {
        byte[] block = new byte[BLOCK];
        for (int stream = in.read(); stream >= 0; stream = in.read()) {
            in.skipNBytes(3);
            int left = in.readInt();
            while (left > 0) {
                int n = Math.min(left, block.length);
                in.readFully(block, 0, n);
                (stream == STDERR ? errors : output).write(block, 0, n);
                left -= n;
            }
        }
    }

    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            LOG.debug("a connection to the engine did not close cleanly", e);
        }
    }

    private final class Input extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            connection.write(bytes, offset, count);
        }

        @Override
        public void close() throws IOException {
            connection.endOutput();
        }
    }
}

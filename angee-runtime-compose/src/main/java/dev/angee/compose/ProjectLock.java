package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets one change of a stack happen at a time: two {@code docker compose up} of one project make two networks of one
 * name (seen with 2.26). Held within this JVM and, by a lock on {@code run/compose.lock}, against others. Nothing but
 * the lock itself ever opens that file: POSIX gives up all locks of a process on a file as soon as it closes it once.
 */
final class ProjectLock {
    /** Ends the hold; to be closed by whoever took it. */
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Gate {
        private final Semaphore free = new Semaphore(1, true);
        private volatile String holder = "";
    }

    private static final Map<Path, Gate> GATES = new ConcurrentHashMap<>();

    private final Path file;
    private final Gate gate;
    private final ExecutorService workers;

    ProjectLock(ComposeProject project, ExecutorService workers) {
        this.file = project.run().resolve("compose.lock").normalize();
        this.gate = GATES.computeIfAbsent(file, f -> new Gate());
        this.workers = workers;
    }

    /**
     * Waits for its turn.
     *
     * @param purpose what the holder is going to do, for those who wait
     * @throws ConflictException if it has not come at the deadline; says who holds it
     */
    Hold take(String purpose, Deadline deadline) throws InterruptedException {
        if (!gate.free.tryAcquire(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS)) {
            throw busy("'" + gate.holder + "' of this very process", deadline);
        }
        gate.holder = purpose;
        try {
            FileChannel channel = lockFile(purpose, deadline);
            return () -> release(channel);
        } catch (IOException e) {
            gate.free.release();
            throw new AngeeException(ErrorCode.FAILED, "cannot lock " + file + ": " + e, e);
        } catch (RuntimeException | InterruptedException e) {
            gate.free.release();
            throw e;
        }
    }

    private FileChannel lockFile(String purpose, Deadline deadline) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            if (!lock(channel, deadline)) {
                throw busy(read(file), deadline);
            }
            channel.truncate(0);
            String note =
                    "'" + purpose + "' of process " + ProcessHandle.current().pid();
            channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)), 0);
            kept = true;
            return channel;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private boolean lock(FileChannel channel, Deadline deadline) throws IOException, InterruptedException {
        if (channel.tryLock() != null) {
            return true;
        }
        Future<FileLock> lock = workers.submit(() -> channel.lock());
        try {
            lock.get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            lock.cancel(true); // a waiting thread closes the channel when it is interrupted
        }
    }

    /** This process holds no lock on the file now, so opening it once more gives up nothing. */
    private static String read(Path file) throws IOException {
        String note = Files.readString(file);
        return note.isBlank() ? "another process" : note;
    }

    private ConflictException busy(String holder, Deadline deadline) {
        return new ConflictException(
                "lock",
                file.toString(),
                "still held by " + holder + " after " + Deadline.spell(deadline.limit())
                        + "; wait until it is done, or end it");
    }

    private void release(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot unlock " + file + ": " + e, e);
        } finally {
            gate.free.release();
        }
    }
}

package dev.angee.compose;

import com.github.dockerjava.api.model.WaitResponse;
import java.io.EOFException;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The exit code of one container, once it has ended. */
final class ContainerExit extends EngineStream<WaitResponse> {
    private final Engine engine;
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    private ContainerExit(Engine engine) {
        this.engine = engine;
    }

    static ContainerExit await(Engine engine, String id) {
        ContainerExit exit = new ContainerExit(engine);
        engine.streams().exit(id, exit);
        return exit;
    }

    /** The code; empty if it has not ended at the deadline. */
    OptionalInt code(Deadline deadline) throws InterruptedException {
        try {
            return OptionalInt.of(code.get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return OptionalInt.empty();
        } catch (ExecutionException e) {
            throw engine.failure("for the end of a container", e.getCause());
        }
    }

    @Override
    void piece(WaitResponse answer) {
        code.complete(answer.getStatusCode());
    }

    @Override
    void over(@Nullable Throwable failure) {
        code.completeExceptionally(failure == null ? new EOFException("it gave no exit code") : failure);
    }
}

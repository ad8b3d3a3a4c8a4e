package dev.angee.compose;

import com.github.dockerjava.api.exception.DockerException;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An engine that may be away for a while, as one who listens to it has it. For one thread. */
final class Outage {
    private static final Duration SHORTEST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Duration limit;
    private @Nullable Deadline end;
    private @Nullable Deadline proof;
    private Duration next = SHORTEST;

    /** @param limit how long it may last */
    Outage(Duration limit) {
        this.limit = limit;
    }

    /** What the engine refuses it will refuse again, unless it is just about to start or to end. */
    static boolean isFinal(Throwable problem) {
        Throwable refusal = problem instanceof AngeeException known && known.getCause() instanceof DockerException
                ? known.getCause()
                : problem;
        if (refusal instanceof DockerException answer) {
            return answer.getHttpStatus() < 500 || answer.getHttpStatus() == 501;
        }
        return refusal instanceof AngeeException known && known.code() == ErrorCode.FAILED;
    }

    /** The engine answers. */
    void over() {
        end = null;
        proof = Deadline.after(LONGEST);
    }

    /**
     * The engine does not answer: waits before it is asked again, longer each time, until it has answered for a while.
     *
     * @return whether it is worth asking again; {@code false} once this has lasted for too long
     */
    boolean pause() throws InterruptedException {
        if (proof != null && proof.hasPassed()) {
            next = SHORTEST;
        }
        proof = null;
        Deadline last = end == null ? Deadline.after(limit) : end;
        end = last;
        if (last.hasPassed()) {
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(1, Math.min(next.toNanos(), last.nanosLeft())));
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
        return true;
    }
}

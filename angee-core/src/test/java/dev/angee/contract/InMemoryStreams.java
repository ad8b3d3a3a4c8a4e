package dev.angee.contract;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RuntimeEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The two streams of an {@link InMemoryBackend}. */
final class InMemoryStreams {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private InMemoryStreams() {}

    private static AngeeException closedBackend() {
        return new AngeeException(ErrorCode.UNAVAILABLE, "the backend was closed; open another");
    }

    /** Reads the lists that the processes write to, by position. */
    static final class Logs implements LogStream {
        private final InMemoryProject project;
        private final LogQuery query;
        private final Map<String, Integer> positions = new TreeMap<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final BooleanSupplier severed;

        Logs(InMemoryProject project, LogQuery query, BooleanSupplier severed) {
            this.severed = severed;
            this.project = project;
            this.query = query;
            for (String name : project.services().keySet()) {
                if (query.which().includes(name)) {
                    int size = project.log(name).size();
                    positions.put(name, query.tail() < 0 ? 0 : Math.max(0, size - query.tail()));
                }
            }
        }

        @Override
        public Optional<LogLine> next() throws InterruptedException {
            while (closed.getCount() > 0) {
                if (severed.getAsBoolean()) {
                    throw closedBackend();
                }
                for (Map.Entry<String, Integer> each : positions.entrySet()) {
                    int at = each.getValue();
                    if (at < project.log(each.getKey()).size()) {
                        each.setValue(at + 1);
                        return Optional.of(project.log(each.getKey()).get(at));
                    }
                }
                if (!query.follow() || closed.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** A queue that the project puts its changes in. */
    static final class Events implements EventStream {
        private final InMemoryProject project;
        private final BlockingQueue<Optional<RuntimeEvent>> queue = new LinkedBlockingQueue<>();
        private final Consumer<RuntimeEvent> listener = this::add;
        private final BooleanSupplier severed;
        private volatile boolean closed;

        Events(InMemoryProject project, BooleanSupplier severed) {
            this.severed = severed;
            this.project = project;
            project.listen(listener);
        }

        private void add(RuntimeEvent event) {
            queue.add(Optional.of(event));
        }

        @Override
        public Optional<RuntimeEvent> poll(Duration timeout) throws InterruptedException {
            if (closed) {
                return Optional.empty();
            }
            long end = System.nanoTime() + timeout.toNanos();
            Optional<RuntimeEvent> next = null;
            while (next == null && !severed.getAsBoolean() && end - System.nanoTime() > 0) {
                next = queue.poll(Math.min(LOOK_AGAIN.toNanos(), end - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            next = next == null ? queue.poll() : next;
            if (next == null && severed.getAsBoolean()) {
                throw closedBackend();
            }
            return next == null ? Optional.empty() : next;
        }

        @Override
        public void close() {
            closed = true;
            project.forgetListener(listener);
            queue.add(Optional.empty());
        }
    }
}

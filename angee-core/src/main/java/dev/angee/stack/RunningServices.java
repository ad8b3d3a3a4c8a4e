package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.Backend;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.Usage;
import dev.angee.runtime.UsageStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The services of a stack while they run: what happens to them, what they use, and programs inside them. Needs no
 * manifest, and changes nothing of the stack. Thread-safe.
 */
public final class RunningServices {
    private final BroughtUp broughtUp;

    RunningServices(BroughtUp broughtUp) {
        this.broughtUp = broughtUp;
    }

    /**
     * What happens from now on, on the runtimes that something is brought up on now.
     *
     * @throws AngeeException {@code UNAVAILABLE} if a runtime cannot be asked
     */
    public EventStream events() {
        List<EventStream> streams = new ArrayList<>();
        try {
            broughtUp.backends().forEach(backend -> streams.add(backend.events()));
        } catch (RuntimeException e) {
            streams.forEach(EventStream::close);
            throw e;
        }
        return streams.size() == 1 ? streams.get(0) : new JoinedEvents(streams);
    }

    /**
     * What services use from now on.
     *
     * @throws dev.angee.NotFoundException if a selected name was not brought up
     * @throws AngeeException {@code UNSUPPORTED} if a runtime of a selected service does not measure; {@code UNAVAILABLE} if
     *     one cannot be asked
     */
    public UsageStream usage(Selection which) {
        List<UsageStream> streams = new ArrayList<>();
        try {
            broughtUp.split(which).forEach((backend, own) -> streams.add(backend.usage(own)));
        } catch (RuntimeException e) {
            streams.forEach(UsageStream::close);
            throw e;
        }
        return streams.size() == 1 ? streams.get(0) : new JoinedUsage(streams);
    }

    /**
     * Runs a program inside a service.
     *
     * @throws dev.angee.NotFoundException if the service was not brought up
     * @throws AngeeException {@code CONFLICT} if it does not run, {@code UNSUPPORTED} if its runtime has no inside
     */
    public ExecSession exec(String service, ExecRequest request) throws InterruptedException {
        Map<Backend, Selection> parts = broughtUp.split(Selection.of(service));
        for (Backend backend : parts.keySet()) {
            return backend.exec(service, request);
        }
        throw new AngeeException(ErrorCode.NOT_FOUND, "service '" + service + "' was not brought up");
    }

    private static final class JoinedEvents implements EventStream {
        private final Merged<RuntimeEvent> merged;

        JoinedEvents(List<EventStream> streams) {
            List<Merged.Source<RuntimeEvent>> sources = new ArrayList<>();
            streams.forEach(stream -> sources.add(Merged.Source.of(() -> stream.poll(Merged.LONG), stream::close)));
            this.merged = Merged.of(sources);
        }

        @Override
        public Optional<RuntimeEvent> poll(Duration timeout) throws InterruptedException {
            return merged.poll(timeout);
        }

        @Override
        public void close() {
            merged.close();
        }
    }

    private static final class JoinedUsage implements UsageStream {
        private final Merged<Usage> merged;

        JoinedUsage(List<UsageStream> streams) {
            List<Merged.Source<Usage>> sources = new ArrayList<>();
            streams.forEach(stream -> sources.add(Merged.Source.of(() -> stream.poll(Merged.LONG), stream::close)));
            this.merged = Merged.of(sources);
        }

        @Override
        public Optional<Usage> poll(Duration timeout) throws InterruptedException {
            return merged.poll(timeout);
        }

        @Override
        public void close() {
            merged.close();
        }
    }
}

package dev.angee.compose;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Statistics;
import dev.angee.AngeeException;
import dev.angee.runtime.Selection;
import dev.angee.runtime.Usage;
import dev.angee.runtime.UsageStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a project's services use: one stream of the engine for each container that runs, because a single question takes it
 * a second or two. Keeps the newest sample of each for a slow reader.
 */
final class ServiceUsage implements UsageStream, Severable, ProjectEvents.Listener {
    /** Instead of a container's id. */
    private static final String ALL = "";

    private final Engine engine;
    private final Selection which;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Usage> samples = new LinkedHashMap<>();
    private final Map<String, Samples> sources = new HashMap<>();
    private final Looks looks;
    private @Nullable AngeeException failure;
    private boolean closed;

    private ServiceUsage(Engine engine, Selection which) {
        this.engine = engine;
        this.which = which;
        this.looks = new Looks(engine, this::lookNow, this::lost);
    }

    static ServiceUsage open(Engine engine, Selection which) throws InterruptedException {
        ServiceUsage usage = new ServiceUsage(engine, which);
        engine.streams().adopt(usage);
        try {
            engine.events().add(usage); // before the list, so that no start falls between
            for (ProjectContainer each : engine.containers()) {
                usage.attach(each);
            }
            usage.freeIfOver(); // the backend may have been closed meanwhile
        } catch (RuntimeException | InterruptedException e) {
            usage.close();
            throw e;
        }
        return usage;
    }

    @Override
    public Optional<Usage> poll(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        lock.lockInterruptibly();
        try {
            while (samples.isEmpty() && failure == null && !closed && !deadline.hasPassed()) {
                changed.await(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
            }
            if (closed) {
                return Optional.empty();
            }
            if (samples.isEmpty() && failure != null) {
                throw failure;
            }
            return first();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Usage> first() {
        Iterator<Usage> all = samples.values().iterator();
        if (!all.hasNext()) {
            return Optional.empty();
        }
        Usage first = all.next();
        all.remove();
        return Optional.of(first);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        free();
        engine.streams().release(this);
    }

    @Override
    public void sever(AngeeException why) {
        lost(why);
        free();
    }

    @Override
    public void started(String id, String service) {
        if (which.includes(service)) {
            looks.add(id);
        }
    }

    @Override
    public void died(String id) {
        lookAtKnown(id);
    }

    @Override
    public void removed(String id) {
        lookAtKnown(id);
    }

    /** Streams may have been cut as well, or hang for ever. */
    @Override
    public void resumed() {
        looks.add(ALL);
    }

    @Override
    public void lost(AngeeException why) {
        lock.lock();
        try {
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void free() {
        looks.close();
        List<Samples> open;
        lock.lock();
        try {
            open = List.copyOf(sources.values());
            sources.clear();
        } finally {
            lock.unlock();
        }
        engine.events().remove(this);
        open.forEach(Samples::close);
    }

    private void freeIfOver() {
        boolean over;
        lock.lock();
        try {
            over = isOver();
        } finally {
            lock.unlock();
        }
        if (over) {
            free();
        }
    }

    /** For who holds the lock. */
    private boolean isOver() {
        return closed || failure != null;
    }

    private void lookAtKnown(String id) {
        if (attached().contains(id)) {
            looks.add(id);
        }
    }

    private void lookNow(String id) throws InterruptedException {
        if (!id.equals(ALL)) {
            detach(id);
            Optional<ProjectContainer> now = engine.container(id);
            if (now.isPresent()) {
                attach(now.get());
            }
            return;
        }
        List<ProjectContainer> there = engine.containers();
        attached().forEach(this::detach);
        for (ProjectContainer each : there) {
            attach(each);
        }
    }

    private List<String> attached() {
        lock.lock();
        try {
            return List.copyOf(sources.keySet());
        } finally {
            lock.unlock();
        }
    }

    private void attach(ProjectContainer container) throws InterruptedException {
        if (container.oneOff() || !container.isActive() || !which.includes(container.service())) {
            return;
        }
        Samples fresh = new Samples(container, memoryLimit(container));
        lock.lock();
        try {
            if (isOver() || sources.putIfAbsent(container.id(), fresh) != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        engine.streams().usage(container.id(), fresh);
    }

    /** The engine's samples name the memory of the machine where there is no limit. */
    private OptionalLong memoryLimit(ProjectContainer container) throws InterruptedException {
        return engine.ask("for a limit of memory", client -> {
            try {
                HostConfig host =
                        client.inspectContainerCmd(container.id()).exec().getHostConfig();
                Long memory = host == null ? null : host.getMemory();
                return memory == null || memory <= 0 ? OptionalLong.empty() : OptionalLong.of(memory);
            } catch (NotFoundException e) {
                return OptionalLong.empty();
            }
        });
    }

    private void detach(String container) {
        Samples source;
        lock.lock();
        try {
            source = sources.remove(container);
        } finally {
            lock.unlock();
        }
        if (source != null) {
            source.close();
        }
    }

    private void forget(Samples ended) {
        lock.lock();
        try {
            sources.remove(ended.container.id(), ended); // unless it is another run's by now
        } finally {
            lock.unlock();
        }
    }

    private void add(Usage sample) {
        lock.lock();
        try {
            samples.put(sample.workload() + "@" + sample.instance(), sample);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The samples of one run of a container. */
    private final class Samples extends EngineStream<Statistics> {
        private final ProjectContainer container;
        private final OptionalLong memoryLimit;

        Samples(ProjectContainer container, OptionalLong memoryLimit) {
            this.container = container;
            this.memoryLimit = memoryLimit;
        }

        @Override
        void piece(Statistics sample) {
            UsageSample.of(sample, container, memoryLimit).ifPresent(ServiceUsage.this::add);
        }

        @Override
        void over(@Nullable Throwable cause) {
            forget(this); // it was removed; an engine that was lost shows in the events
        }
    }
}

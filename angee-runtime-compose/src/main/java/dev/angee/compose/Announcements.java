package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells a listener what becomes of a project's services while Compose is at work, from the engine's events: Compose itself
 * writes text for people only (2.26). The listener is called by the thread that waits for Compose. What the events have
 * not told by the end, since their stream may lag or break, {@link #complete} makes good.
 */
final class Announcements implements ProjectEvents.Listener, AutoCloseable {
    private final ProgressListener listener;
    private final Set<Progress> told = new HashSet<>();
    private final Engine engine;
    private final Errands errands;

    private Announcements(Engine engine, ProgressListener listener, Errands errands) {
        this.engine = engine;
        this.listener = listener;
        this.errands = errands;
    }

    /**
     * Begins to listen; not at all if nobody is to be told.
     *
     * @param errands what is told is to be told by whoever runs these
     */
    static Announcements open(Engine engine, ProgressListener listener, Errands errands) throws InterruptedException {
        Announcements announcements = new Announcements(engine, listener, errands);
        if (!listener.equals(ProgressListener.none())) {
            engine.events().add(announcements);
        }
        return announcements;
    }

    /** Tells of those that run now and did not before, unless they have been told of. */
    void complete(Services before, Services after) {
        List<ProjectContainer> started = after.all().stream()
                .filter(c -> !c.startedAt().isEmpty() && !before.includes(c))
                .sorted(Comparator.comparing(ProjectContainer::startedAt))
                .toList();
        for (ProjectContainer each : started) {
            if (before.all().stream().noneMatch(c -> c.id().equals(each.id()))) {
                tell(new Progress.Creating(each.service()));
            }
            tell(new Progress.Starting(each.service()));
        }
    }

    @Override
    public void close() {
        engine.events().remove(this);
    }

    @Override
    public void created(String id, String service) {
        errands.add(() -> tell(new Progress.Creating(service)));
    }

    @Override
    public void started(String id, String service) {
        errands.add(() -> tell(new Progress.Starting(service)));
    }

    @Override
    public void lost(AngeeException why) {
        // an engine that has gone away shows in what Compose says
    }

    /** Of each service once, however many of it there are. */
    private void tell(Progress progress) {
        if (told.add(progress)) {
            listener.on(progress);
        }
    }
}

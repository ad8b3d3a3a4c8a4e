package dev.angee.compose;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.compose.CleanupPlan.Item;
import dev.angee.compose.CleanupPlan.Removal;
import dev.angee.compose.FoundProject.State;
import dev.angee.internal.FileLocks;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The removal of one forgotten project, if it still is what it was when that was planned. */
final class Cleanup {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);
    private static final int GRACE_SECONDS = 5;

    /** Beyond the grace the engine kills, and a slow disk lets it wait for the end. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(GRACE_SECONDS + 30);

    private interface Step {
        void run() throws InterruptedException;
    }

    private final Engine engine;
    private final boolean isHere;
    private final Removal removal;
    private final List<AngeeException> troubles = new ArrayList<>();

    Cleanup(Engine engine, boolean isHere, Removal removal) {
        this.engine = engine;
        this.isHere = isHere;
        this.removal = removal;
    }

    /** Removes it; or says why it is left alone. Excludes whoever changes it from a root that is there. */
    Optional<String> apply() throws InterruptedException {
        Path lock = ProjectLock.fileIn(Path.of(removal.root()));
        if (!Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
            return applyAlone(); // made by whoever changes something; not by us, in a folder that is not ours
        }
        try (FileLocks.Held held = FileLocks.await(lock, "cleanup", LOCK_PATIENCE)) {
            Optional<String> kept = applyAlone();
            held.check();
            return kept;
        }
    }

    private Optional<String> applyAlone() throws InterruptedException {
        Holdings now = Holdings.of(engine, removal.project());
        if (now.containers().isEmpty()
                && now.networks().isEmpty()
                && now.volumes().isEmpty()) {
            return Optional.empty(); // somebody else has removed it
        }
        RootCheck check = RootCheck.of(now, isHere);
        if (check.state() != State.FORGOTTEN) {
            return Optional.of("it is not forgotten: " + check.reason());
        }
        if (!now.roots().equals(Set.of(removal.root()))) {
            return Optional.of("it is another root's by now: " + String.join(", ", now.roots()));
        }
        if (!isWithin(now.containers(), removal.containers()) || !isWithin(now.networks(), removal.networks())) {
            return Optional.of("it has more than when its removal was planned: plan again");
        }
        if (removal.running() == 0 && !now.running().isEmpty()) {
            return Optional.of("something of it runs by now: plan again, and name it");
        }
        remove(now);
        return Optional.empty();
    }

    private static boolean isWithin(List<Item> now, List<Item> planned) {
        return ids(planned).containsAll(ids(now));
    }

    private static Set<String> ids(Collection<Item> items) {
        Set<String> ids = new HashSet<>();
        items.forEach(item -> ids.add(item.id()));
        return ids;
    }

    private void remove(Holdings now) throws InterruptedException {
        for (Item each : now.containers()) {
            if (now.running().contains(each.id())) {
                attempt(() -> stop(each.id()));
            }
            attempt(() -> engine.remove(each.id()));
        }
        for (Item each : now.networks()) {
            attempt(() -> engine.removeNetwork(each.id()));
        }
        Set<String> planned = ids(removal.volumes());
        for (Item each : now.volumes()) {
            if (planned.contains(each.id())) {
                attempt(() -> removeVolume(each.id()));
            }
        }
        int left = troubles.isEmpty() ? 0 : left(planned);
        if (left > 0) {
            List<String> messages = troubles.stream().map(Throwable::getMessage).toList();
            AngeeException failure = new AngeeException(
                    ErrorCode.FAILED,
                    "project " + removal.project() + ": " + left + " of its parts could not be removed: "
                            + String.join("; ", messages));
            troubles.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    /** How much is there of what was to go: what failed may have been done all the same, late or by somebody else. */
    private int left(Set<String> volumes) throws InterruptedException {
        Holdings now = Holdings.of(engine, removal.project());
        Set<String> kept = ids(now.volumes());
        kept.retainAll(volumes);
        return now.containers().size() + now.networks().size() + kept.size();
    }

    /** Lets a database write what it has; the removal afterwards kills what has not ended. */
    private void stop(String id) throws InterruptedException {
        engine.ask("to end a container", STOP_PATIENCE, client -> {
            try {
                client.stopContainerCmd(id).withTimeout(GRACE_SECONDS).exec();
                return true;
            } catch (NotModifiedException | NotFoundException e) {
                return false; // it has ended, or is gone
            }
        });
    }

    private void removeVolume(String name) throws InterruptedException {
        engine.ask("to remove volume " + name, Engine.REMOVAL, client -> {
            try {
                client.removeVolumeCmd(name).exec();
                return true;
            } catch (NotFoundException e) {
                return false;
            }
        });
    }

    private void attempt(Step step) throws InterruptedException {
        try {
            step.run();
        } catch (AngeeException e) {
            troubles.add(e);
        }
    }
}

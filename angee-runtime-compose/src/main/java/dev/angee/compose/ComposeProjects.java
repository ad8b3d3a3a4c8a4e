package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.compose.CleanupPlan.Removal;
import dev.angee.compose.FoundProject.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Compose projects of an engine, and the removal of those that are forgotten: whose root is gone, so that nobody can
 * take them down any more. Found by their labels. Thread-safe; keeps nothing open between calls.
 *
 * <pre>{@code
 * ComposeProjects projects = ComposeProjects.of(ComposeSettings.of(System.getenv()));
 * CleanupPlan plan = projects.plan(CleanupOptions.defaults());
 * System.out.println(plan); // nothing was changed so far
 * projects.remove(plan);
 * }</pre>
 *
 * <p>Removed is only what carries our label and is {@link State#FORGOTTEN}. That is known only where the engine runs on
 * this very host and the stack was not started from within a container. What still runs, or is paused, is planned only
 * if it is named.
 *
 * <p>A root looks as if it were gone also where it cannot be seen from here: on a disk that is not mounted, or in a mount
 * namespace that is not ours, as a unit of systemd with {@code PrivateTmp} or {@code ProtectHome} has one, or whoever was
 * started by {@code unshare} or {@code chroot}. Ask from where the stacks were started, and look at the plan first.
 *
 * <p>All methods throw {@link AngeeException} with {@code UNAVAILABLE} if the engine cannot be reached.
 */
public final class ComposeProjects {
    private final ComposeSettings settings;

    private ComposeProjects(ComposeSettings settings) {
        this.settings = settings;
    }

    /** Those of the engine that the settings name; asks nothing yet. */
    public static ComposeProjects of(ComposeSettings settings) {
        return new ComposeProjects(settings);
    }

    /**
     * All Compose projects that the engine has something of, also others' and those that do not run, in name order.
     *
     * @throws InterruptedException if interrupted
     */
    public List<FoundProject> discover() throws InterruptedException {
        try (EngineSession session = new EngineSession(settings)) {
            Engine engine = session.engine();
            boolean isHere = isHere(engine);
            List<FoundProject> found = new ArrayList<>();
            for (Holdings each : Holdings.all(engine)) {
                RootCheck check = RootCheck.of(each, isHere);
                found.add(new FoundProject(
                        each.project(),
                        each.roots().stream().findFirst(),
                        check.state(),
                        check.reason(),
                        each.containers().size(),
                        each.running().size(),
                        each.networks().size(),
                        each.volumeCount(),
                        check.state() == State.FOREIGN ? Optional.empty() : each.lastStarted(engine)));
            }
            return found;
        }
    }

    /**
     * What would be removed: of those that are forgotten, the named ones, or all of which nothing runs. Changes nothing.
     *
     * @throws AngeeException {@code NOT_FOUND} for a named project that the engine has nothing of, {@code CONFLICT},
     *     saying why, for one that is not forgotten
     * @throws InterruptedException if interrupted
     */
    public CleanupPlan plan(CleanupOptions options) throws InterruptedException {
        try (EngineSession session = new EngineSession(settings)) {
            boolean isHere = isHere(session.engine());
            Set<String> missing = new TreeSet<>(options.only().orElse(Set.of()));
            List<Removal> removals = new ArrayList<>();
            for (Holdings each : Holdings.all(session.engine())) {
                boolean isNamed = missing.remove(each.project());
                if (options.only().isPresent() && !isNamed) {
                    continue;
                }
                RootCheck check = RootCheck.of(each, isHere);
                boolean isWanted = isNamed || each.running().isEmpty(); // somebody may see a root there that we do not
                if (check.state() == State.FORGOTTEN && isWanted) {
                    removals.add(removal(each, check, options.volumes()));
                } else if (isNamed) {
                    throw new ConflictException("project", each.project(), "it is not forgotten: " + check.reason());
                }
            }
            if (!missing.isEmpty()) {
                throw new NotFoundException("project", missing.iterator().next(), "discover() lists those there are");
            }
            return new CleanupPlan(removals);
        }
    }

    /**
     * Removes what was planned: containers (those that run get five seconds to end), then networks, then volumes. Before
     * that, each project is looked at again: one that is not forgotten any more, has more than it had, or of which something
     * runs by now, is left alone.
     * Tries everything before it reports what failed.
     *
     * @throws AngeeException {@code FAILED} if the engine did not remove something
     * @throws InterruptedException if interrupted; what is removed by then stays so
     */
    public CleanupOutcome remove(CleanupPlan plan) throws InterruptedException {
        try (EngineSession session = new EngineSession(settings)) {
            boolean isHere = isHere(session.engine());
            List<String> removed = new ArrayList<>();
            Map<String, String> kept = new LinkedHashMap<>();
            List<AngeeException> troubles = new ArrayList<>();
            for (Removal each : plan.removals()) {
                try {
                    new Cleanup(session.engine(), isHere, each)
                            .apply()
                            .ifPresentOrElse(why -> kept.put(each.project(), why), () -> removed.add(each.project()));
                } catch (AngeeException e) {
                    troubles.add(e);
                }
            }
            if (!troubles.isEmpty()) {
                AngeeException first = troubles.remove(0);
                troubles.forEach(first::addSuppressed);
                throw first;
            }
            return new CleanupOutcome(removed, kept);
        }
    }

    private boolean isHere(Engine engine) throws InterruptedException {
        return new EngineHost(settings).isOurs(EngineFacts.of(engine));
    }

    private static Removal removal(Holdings found, RootCheck check, CleanupOptions.Volumes volumes) {
        boolean isRemoved = volumes == CleanupOptions.Volumes.REMOVE;
        return new Removal(
                found.project(),
                found.roots().iterator().next(),
                check.reason(),
                found.running().size(),
                found.containers(),
                found.networks(),
                isRemoved ? found.volumes() : List.of(),
                isRemoved ? List.of() : found.volumes());
    }
}

package dev.angee.compose;

import dev.angee.runtime.Health;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * The containers of a project's services, as far as they have been heard of. Turns what the engine tells into events,
 * each once, also where the engine tells something twice, or not at all while nobody was connected. For one thread.
 */
final class SeenContainers {
    private static final String HEALTH = "health_status: ";

    /** The code of a program that was ended by the kernel, or by SIGKILL of somebody else. */
    private static final int KILLED = 137;

    private final Map<String, Seen> byId = new HashMap<>();
    private final ProjectEvents.Listener to;

    /** @param to is told of each change, at once */
    SeenContainers(ProjectEvents.Listener to) {
        this.to = to;
    }

    /** Takes these for known. */
    void begin(List<ProjectContainer> there) {
        there.forEach(each -> byId.put(each.id(), new Seen(each)));
    }

    /**
     * Whether what the container is now helps to tell what this event means. The engine lets nobody look at a container
     * that ends before it is done with that, which takes it some 50 ms (20.10).
     */
    boolean needsLook(ContainerEvent event) {
        return switch (event.action()) {
            case "start", "unpause" -> true;
            case "die" -> {
                Seen seen = byId.get(event.container());
                yield seen == null || !seen.isExplainedBy(event);
            }
            default -> false;
        };
    }

    /**
     * Something has happened.
     *
     * @param now what the container is now, if that is known
     */
    void take(ContainerEvent event, Optional<ProjectContainer> now) {
        boolean known = byId.containsKey(event.container());
        Seen seen = byId.computeIfAbsent(event.container(), id -> new Seen(event.service()));
        seen.heardAt = event.time();
        if (event.action().startsWith(HEALTH)) {
            seen.health(ProjectContainer.health(event.action().substring(HEALTH.length())));
            return;
        }
        switch (event.action()) {
            case "create" -> {
                if (!known) {
                    seen.fresh = true;
                    tell(seen, WorkloadState.CREATED, OptionalInt.empty());
                    to.created(event.container(), event.service());
                }
            }
            case "start" -> seen.started(event, now);
            case "die" -> {
                if (!known || seen.running) {
                    seen.died(event, now);
                    to.died(event.container());
                }
            }
            case "oom" -> {
                seen.outOfMemory = true;
                tell(seen, seen.running ? WorkloadState.RUNNING : WorkloadState.EXITED, OptionalInt.empty());
            }
            case "kill" -> seen.killed = true;
            case "pause" -> seen.health(Health.NONE, true);
            case "unpause" -> seen.health(now.map(ProjectContainer::health).orElse(Health.NONE), true);
            case "destroy" -> {
                byId.remove(event.container());
                to.removed(event.container());
            }
            default -> {}
        }
    }

    /**
     * Tells in what the containers that are there differ from those heard of.
     *
     * @param there all of them
     * @param except those that the engine has told of while they were listed: these may be newer than the list
     */
    void compare(List<ProjectContainer> there, Set<String> except) {
        Set<String> gone = new TreeSet<>(byId.keySet());
        for (ProjectContainer each : there) {
            gone.remove(each.id());
            if (!except.contains(each.id())) {
                compare(each);
            }
        }
        gone.removeAll(except);
        for (String id : gone) {
            Seen seen = byId.remove(id);
            if (seen != null && seen.running) {
                to.changed(RuntimeEvent.ended(seen.service));
            }
            to.removed(id);
        }
    }

    private void compare(ProjectContainer now) {
        Seen before = byId.put(now.id(), new Seen(now));
        boolean running = now.state() == WorkloadState.RUNNING;
        boolean wasRunning = before != null && before.running;
        boolean anotherRun = before == null || before.isOlderThan(now);
        boolean unsure = before != null && before.startedAt.isEmpty();
        if (running && wasRunning && anotherRun) {
            to.changed(RuntimeEvent.ended(now.service())); // nobody knows how
        }
        if (running != wasRunning || anotherRun || (running && before.health != now.health())) {
            to.changed(RuntimeEvent.of(now.status()));
        }
        if (running && (anotherRun || !wasRunning || unsure)) {
            to.started(now.id(), now.service()); // where it is not known which run was heard of, once too often
        } else if (!running && wasRunning) {
            to.died(now.id());
        }
    }

    private void tell(Seen seen, WorkloadState state, OptionalInt exitCode) {
        to.changed(new RuntimeEvent(seen.service, state, seen.health, exitCode, seen.outOfMemory, seen.restarts));
    }

    private final class Seen {
        private final String service;
        private boolean fresh;
        private boolean running;
        private boolean again;
        private String startedAt = "";
        private Instant heardAt = Instant.MIN;
        private boolean isListed;
        private Health health = Health.NONE;
        private boolean outOfMemory;
        private int restarts;
        private boolean mayRestart = true;
        private boolean killed;

        Seen(String service) {
            this.service = service;
        }

        Seen(ProjectContainer now) {
            this.service = now.service();
            this.running = now.state() == WorkloadState.RUNNING;
            this.startedAt = now.startedAt();
            this.isListed = true;
            this.health = now.health();
            this.outOfMemory = now.outOfMemory();
            this.restarts = now.restarts();
            this.again = now.state() == WorkloadState.RESTARTING;
            this.fresh = now.state() == WorkloadState.CREATED;
            this.mayRestart = now.mayRestart();
        }

        /** Whether the container has been started since. The engine tells of a start, and of an end, once it is over. */
        boolean isOlderThan(ProjectContainer now) {
            return startedAt.isEmpty()
                    ? now.started().filter(heardAt::isBefore).isPresent()
                    : !startedAt.equals(now.startedAt());
        }

        /** Whether it ends for good, and not because the kernel wanted its memory, of which the engine tells apart. */
        boolean isExplainedBy(ContainerEvent end) {
            boolean mayBeTheKernel = end.exitCode().orElse(KILLED) == KILLED && !killed;
            return !mayRestart && !mayBeTheKernel;
        }

        void health(Health next) {
            health(next, false);
        }

        private void health(Health next, boolean inAnyCase) {
            if (inAnyCase || next != health) {
                health = next;
                tell(this, running ? WorkloadState.RUNNING : WorkloadState.EXITED, OptionalInt.empty());
            }
        }

        /** A look that comes late shows a later run, and says nothing of when this one began. */
        void started(ContainerEvent event, Optional<ProjectContainer> now) {
            String time = now.filter(
                            c -> c.started().filter(event.time()::isBefore).isEmpty())
                    .map(ProjectContainer::startedAt)
                    .orElse(running && isListed ? startedAt : "");
            boolean isKnown = running && startedAt.equals(time);
            isListed = false; // a list shows a start before the engine tells of it
            if (isKnown) {
                return;
            }
            if (running) {
                to.changed(RuntimeEvent.ended(service)); // the engine was away, and has started it at its own start
            }
            running = true;
            startedAt = time;
            outOfMemory = false;
            restarts = restartsAt(now.map(ProjectContainer::restarts).orElse(0));
            again = false;
            fresh = false;
            killed = false;
            mayRestart = now.map(ProjectContainer::mayRestart).orElse(true);
            boolean checked = now.map(ProjectContainer::health).orElse(Health.NONE) != Health.NONE;
            health = checked ? Health.STARTING : Health.NONE;
            tell(this, WorkloadState.RUNNING, OptionalInt.empty());
            to.started(event.container(), service); // also if nobody knows more of it
        }

        void died(ContainerEvent event, Optional<ProjectContainer> now) {
            again = now.filter(this::isStartedAgain).isPresent();
            restarts += again ? 1 : 0;
            running = false;
            health = Health.NONE;
            outOfMemory |= now.filter(c -> c.state() != WorkloadState.RUNNING && c.outOfMemory())
                    .isPresent();
            tell(this, again ? WorkloadState.RESTARTING : WorkloadState.EXITED, event.exitCode());
        }

        /** The number that is read a moment later may be that of a later start. */
        private int restartsAt(int now) {
            if (fresh) {
                return 0;
            }
            return again ? restarts : Math.min(now, restarts + 1);
        }

        /** By its policy. Who starts it by hand sets the number of its restarts back. */
        private boolean isStartedAgain(ProjectContainer now) {
            return now.state() == WorkloadState.RESTARTING
                    || now.restarts() > restarts
                    || (now.state() == WorkloadState.RUNNING && now.restarts() > 0);
        }
    }
}

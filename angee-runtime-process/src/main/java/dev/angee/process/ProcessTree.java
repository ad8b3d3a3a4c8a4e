package dev.angee.process;

import dev.angee.process.ProcTable.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All processes that one start has led to. A process belongs to the tree if it is the first one, carries the marker, is
 * a child of one that belongs to it, or is in the session of one that does; and once seen it stays known, whatever it
 * does to hide. What escapes is only a process that emptied its environment, opened a session of its own and lost its
 * parent, all before anybody looked.
 *
 * <p>Not thread-safe.
 */
final class ProcessTree {
    private final Marker marker;
    private final Optional<ProcessId> first;
    private final Set<ProcessId> seen = new LinkedHashSet<>();

    ProcessTree(Marker marker, Optional<ProcessId> first) {
        this.marker = marker;
        this.first = first;
    }

    /** Whether one of those seen so far still runs; cheap. */
    boolean isSeenAlive() {
        return seen.stream().anyMatch(ProcTable::isAlive);
    }

    /** Those that run now, found by looking at every process of the machine. */
    List<Entry> look() {
        return look(ProcTable.read());
    }

    /** Those that ran when a table was read. */
    List<Entry> look(ProcTable table) {
        Set<Entry> members = new LinkedHashSet<>();
        for (Entry entry : table.entries()) {
            if (isKnown(entry) || table.marker(entry).filter(marker::covers).isPresent()) {
                members.add(entry);
            }
        }
        while (grow(table, members)) {
            // each round finds the children of those found in the round before
        }
        long ourselves = ProcessHandle.current().pid();
        List<Entry> alive = members.stream()
                .filter(entry -> !entry.ended() && entry.id().pid() != ourselves)
                .toList();
        alive.forEach(entry -> seen.add(entry.id()));
        return alive;
    }

    /** Signals all that run now: the first one's process group at once, the others one by one. */
    void signal(Signal signal) throws InterruptedException {
        List<Long> groups = new ArrayList<>();
        signalOthers(signal, ProcTable.read(), groups);
        signal.sendToGroups(groups);
    }

    /**
     * Signals those that ran when a table was read, but for a group of their own.
     *
     * @param groups gets that group, for the caller to signal together with others'
     */
    void signalOthers(Signal signal, ProcTable table, Collection<Long> groups) throws InterruptedException {
        List<Entry> members = look(table);
        long group = first.map(ProcessId::pid).orElse(0L);
        boolean ownGroup = members.stream().anyMatch(e -> e.group() == group && e.session() == group);
        if (ownGroup) {
            groups.add(group);
        }
        for (Entry member : members) {
            if (!ownGroup || member.group() != group) {
                signal.send(member.id());
            }
        }
    }

    private boolean isKnown(Entry entry) {
        return seen.contains(entry.id()) || first.filter(entry.id()::equals).isPresent();
    }

    private boolean grow(ProcTable table, Set<Entry> members) {
        Set<Long> pids = new HashSet<>();
        members.forEach(entry -> pids.add(entry.id().pid()));
        Set<Long> sessions = sessions(table, members, pids);
        int before = members.size();
        table.entries().stream()
                .filter(entry -> pids.contains(entry.parent()) || sessions.contains(entry.session()))
                .forEach(members::add);
        return members.size() > before;
    }

    /**
     * The sessions that are ours alone: those that a member leads, and the first one's after its death as long as a
     * member is in it and nobody else got its pid. A member may for a moment still be in the session of this JVM.
     */
    private Set<Long> sessions(ProcTable table, Set<Entry> members, Set<Long> pids) {
        Set<Long> sessions = new HashSet<>(pids);
        first.map(ProcessId::pid).ifPresent(pid -> {
            boolean taken =
                    table.entries().stream().anyMatch(entry -> entry.id().pid() == pid);
            if (!taken && members.stream().anyMatch(entry -> entry.session() == pid)) {
                sessions.add(pid);
            }
        });
        return sessions;
    }
}

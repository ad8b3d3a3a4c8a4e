package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.process.ProcTable.Entry;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.runtime.WorkloadState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Finds out, from the records, {@code /proc} and the exit codes left behind, what is true now. Changes nothing.
 * Thread-safe.
 */
final class ProcessViews {
    private static final int SIGNALLED = 128;

    private final RecordStore store;

    /** Starts of which nothing runs any more: no process can get their marker again. */
    private final Set<Marker> gone = ConcurrentHashMap.newKeySet();

    ProcessViews(RecordStore store) {
        this.store = store;
    }

    /**
     * All services, in name order.
     *
     * @param damaged hears of those whose records cannot be read
     */
    List<ProcessView> services(Consumer<AngeeException> damaged) {
        List<ProcessRecord> records = store.services(damaged);
        gone.retainAll(records.stream().map(ProcessRecord::marker).collect(Collectors.toSet()));
        OneLook look = new OneLook();
        return records.stream().map(record -> of(record, look)).toList();
    }

    /** One service or job. */
    ProcessView of(ProcessRecord record) {
        return of(record, new OneLook());
    }

    private ProcessView of(ProcessRecord onRecord, OneLook look) {
        boolean ownerless = onRecord.asked() == Asked.NOTHING && store.wasEndedWithOwner(onRecord);
        ProcessRecord record = ownerless ? onRecord.asked(Asked.TO_END) : onRecord;
        if (!record.bootId().equals(Host.bootId())) {
            return ended(record, store.exitCode(record), "the machine was restarted");
        }
        Optional<ProcessId> first = record.first();
        if (first.isPresent() && ProcTable.isAlive(first.get())) {
            return alive(record, "");
        }
        OptionalInt code = store.exitCode(record);
        if (code.isPresent()) {
            return ended(record, code, "");
        }
        Optional<ProcessId> found = find(record.marker(), look);
        if (found.isPresent()) {
            String why = first.isEmpty() ? "" : "the shell that waits for it was killed; found again by its marker";
            return alive(record.started(found.get()), why);
        }
        code = store.exitCode(record); // it may have ended while we were looking
        if (code.isEmpty() && first.isEmpty() && record.asked() == Asked.NOTHING) {
            return ProcessView.of(
                    record, WorkloadState.CREATED, "its start has not been completed", Findings.none(record.marker()));
        }
        if (first.isPresent()) {
            gone.add(record.marker());
        }
        return ended(record, code, "the shell that waits for it was killed from outside, or could not write");
    }

    private ProcessView alive(ProcessRecord record, String reason) {
        boolean asked = record.asked() != Asked.NOTHING;
        boolean checked = record.workload().health().isPresent()
                || record.workload().liveness().isPresent();
        Findings findings = checked ? store.findings(record) : Findings.none(record.marker());
        return ProcessView.of(record, asked ? WorkloadState.STOPPING : WorkloadState.RUNNING, reason, findings);
    }

    /** The oldest process of this very start; not one of those that were started beside it. */
    private Optional<ProcessId> find(Marker marker, OneLook look) {
        if (gone.contains(marker)) {
            return Optional.empty();
        }
        ProcTable table = look.get();
        return table.entries().stream()
                .filter(entry -> !entry.ended()
                        && table.marker(entry).filter(marker.value()::equals).isPresent())
                .map(Entry::id)
                .filter(ProcTable::isAlive) // the table may be of a moment ago
                .min(Comparator.comparingLong(ProcessId::startTicks).thenComparingLong(ProcessId::pid));
    }

    private ProcessView ended(ProcessRecord record, OptionalInt left, String whyUnknown) {
        OptionalInt code = left.isPresent() ? left : codeOfAsking(record);
        Findings findings = store.findings(record);
        RestartRule rule = RestartRule.of(record, code, store.exitTime(record), findings.lifeless());
        String how = how(code, whyUnknown);
        if (rule.due().isPresent()) {
            String reason = join(findings.lifeless(), "restarting after " + ending(code))
                    + (code.isPresent() ? "" : " (" + how + ")");
            reason = join(reason, findings.refusal());
            return new ProcessView(record, WorkloadState.RESTARTING, code, reason, Optional.of(rule), findings);
        }
        return new ProcessView(
                record, WorkloadState.EXITED, code, join(rule.verdict(), how), Optional.empty(), findings);
    }

    private static OptionalInt codeOfAsking(ProcessRecord record) {
        return switch (record.asked()) {
            case TO_END -> OptionalInt.of(Signal.toEnd(record.workload()).exitCode());
            case KILLED -> OptionalInt.of(Signal.KILL.exitCode());
            case NOTHING, LIFELESS, TO_STAY_ENDED -> OptionalInt.empty();
        };
    }

    private static String how(OptionalInt code, String whyUnknown) {
        return code.isEmpty() ? "the exit code is not known: " + whyUnknown : "";
    }

    /** How it ended, in a few words. */
    static String ending(OptionalInt code) {
        if (code.isEmpty()) {
            return "an unknown exit code";
        }
        int value = code.getAsInt();
        return "exit code " + value
                + Signal.numbered(value - SIGNALLED)
                        .map(each -> " (SIG" + each + ")")
                        .orElse("");
    }

    private static String join(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }
}

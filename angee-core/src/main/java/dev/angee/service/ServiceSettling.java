package dev.angee.service;

import dev.angee.document.InvalidDocumentException;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestMerge;
import dev.angee.manifest.MergeOptions;
import dev.angee.manifest.MergeResult;
import dev.angee.render.RenderRecovery;
import dev.angee.service.ServiceRecord.Pending;
import dev.angee.service.ServiceRecord.Rewriting;
import dev.angee.service.ServiceRecord.Work;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends or takes back what was begun with one service and not ended. The service's lock is held. */
final class ServiceSettling {
    private final ServiceContext context;
    private final String name;
    private final ServiceFiles files;

    ServiceSettling(ServiceContext context, String name, ServiceFiles files) {
        this.context = context;
        this.name = name;
        this.files = files;
    }

    /**
     * What there was to do.
     *
     * @param undone whether something was taken back
     * @param kept what somebody should know
     * @param stuck why what was begun cannot be taken back, and stays as it is until somebody has decided; empty if nothing is
     *     under way any more
     */
    record Settled(boolean undone, List<String> kept, Optional<String> stuck) {}

    Settled settle() {
        Optional<RenderRecovery> recovery = files.recover();
        ServiceRecord record = files.record();
        Pending pending = record.pending();
        boolean undone = recovery.filter(each -> !each.made()).isPresent();
        List<String> kept = new ArrayList<>(recovery.map(RenderRecovery::kept).orElse(List.of()));
        Optional<String> stuck = Optional.empty();
        if (pending == null) {
            release(record);
        } else if (pending.work() == Work.MAKING) {
            stuck = Optional.ofNullable(pending.manifest()).flatMap(this::restore);
            if (stuck.isEmpty()) {
                kept.addAll(withdraw(pending));
                files.takeBack(record);
                undone = true;
            }
        } else if (isDeclared()) {
            files.takeBack(record);
            undone = true;
        } else {
            clear(record);
        }
        return new Settled(undone, kept, stuck);
    }

    /** What is left to be done of an update that was made. */
    void release(ServiceRecord record) {
        if (!record.dropped().isEmpty()) {
            release(record.dropped());
            files.write(record.dropping(List.of()));
        }
    }

    private void release(List<String> pools) {
        pools.forEach(pool -> context.ledger().release(context.layout().root(), "service/" + name + "/" + pool));
    }

    /** Ports and secrets; a secret that somebody has set meanwhile is not ours any more. */
    private List<String> withdraw(Pending pending) {
        release(pending.pools());
        ServiceSecrets secrets = new ServiceSecrets(context);
        List<String> taken = secrets.taken(pending);
        secrets.forget(pending.secrets().stream()
                .filter(secret -> !taken.contains(secret))
                .toList());
        return taken.stream()
                .map(secret ->
                        "secret '" + secret + "' was set by somebody since it was made for this service, and stays;"
                                + " delete it if it is not wanted")
                .toList();
    }

    /**
     * What others have changed meanwhile stays; if they have changed the same, or need what was made, nothing is taken back.
     *
     * @return why not
     */
    private Optional<String> restore(Rewriting made) {
        EditOptions unchecked = EditOptions.defaults().withCheck((file, text) -> {});
        List<String> why = new ArrayList<>();
        var unused = ManifestEditor.edit(context.layout().manifest(), unchecked, editor -> {
            why.clear();
            if (editor.text().equals(made.after())) {
                editor.replace(made.before());
            } else if (!editor.text().equals(made.before())) {
                String withdrawn = withdrawn(made, editor.text(), why);
                if (why.isEmpty()) {
                    editor.replace(withdrawn);
                }
            }
        });
        return why.isEmpty()
                ? Optional.empty()
                : Optional.of("was half made when its making failed or its process died, and cannot be taken back: "
                        + String.join("; ", why) + " (change that in "
                        + context.layout().manifest() + ", or destroy the service)");
    }

    /** No value is said: among them may be a secret that somebody has written into the manifest. */
    private String withdrawn(Rewriting made, String now, List<String> why) {
        String file = context.layout().manifest().toString();
        MergeOptions.Names names = new MergeOptions.Names(
                file + ", as it was to be made", file, file + ", as it was before the service '" + name + "'");
        MergeResult merged = ManifestMerge.merge(
                made.after(), now, made.before(), MergeOptions.defaults().named(names));
        merged.conflicts().forEach(conflict -> why.add(conflict.summary()));
        if (why.isEmpty() && isSound(file, now)) {
            try {
                EditOptions.defaults().check().check(file, merged.text());
            } catch (InvalidDocumentException e) {
                why.add("the manifest would not be sound without it: " + e.getMessage());
            }
        }
        return merged.text();
    }

    /** One that is not sound as it is cannot be made worse. */
    private static boolean isSound(String file, String text) {
        try {
            EditOptions.defaults().check().check(file, text);
            return true;
        } catch (InvalidDocumentException e) {
            return false;
        }
    }

    /** Removes all that is left of a service that is not declared any more. Can be done again where it fails. */
    void clear(ServiceRecord record) {
        if (record.pending() == null || record.pending().work() != Work.LEAVING) {
            files.remove();
        }
        context.ledger().release(context.layout().root(), "service/" + name);
        new ServiceSecrets(context).forget(unused(manifest().text(), record));
        files.forget();
    }

    /** The secrets that were made for it, and that nothing refers to now. */
    static List<String> unused(String manifest, ServiceRecord record) {
        return record.secrets().stream()
                .filter(secret -> !manifest.contains("secret." + secret))
                .toList();
    }

    private boolean isDeclared() {
        return manifest().has(List.of("services", name));
    }

    private ManifestEditor manifest() {
        Path file = context.layout().manifest();
        return ManifestEditor.open(file, EditOptions.defaults());
    }
}

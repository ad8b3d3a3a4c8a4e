package dev.angee.service;

import dev.angee.ConflictException;
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
     */
    record Settled(boolean undone, List<String> kept) {}

    Settled settle() {
        Optional<RenderRecovery> recovery = files.recover();
        ServiceRecord record = files.record();
        Pending pending = record.pending();
        boolean undone = recovery.filter(each -> !each.made()).isPresent();
        if (pending != null && pending.work() == Work.MAKING) {
            Optional.ofNullable(pending.manifest()).ifPresent(this::restore);
            pending.pools()
                    .forEach(pool -> context.ledger().release(context.layout().root(), "service/" + name + "/" + pool));
            new ServiceSecrets(context).forget(pending.secrets());
            files.takeBack(record);
            undone = true;
        } else if (pending != null && isDeclared()) {
            files.takeBack(record);
            undone = true;
        } else if (pending != null) {
            clear(record);
        }
        return new Settled(undone, recovery.map(RenderRecovery::kept).orElse(List.of()));
    }

    /** What others have changed meanwhile stays; if they have changed the same, nothing is taken back, and it is said. */
    private void restore(Rewriting made) {
        EditOptions unchecked = EditOptions.defaults().withCheck((file, text) -> {});
        var unused = ManifestEditor.edit(context.layout().manifest(), unchecked, editor -> {
            if (editor.text().equals(made.after())) {
                editor.replace(made.before());
            } else if (!editor.text().equals(made.before())) {
                editor.replace(withdrawn(made, editor.text()));
            }
        });
    }

    private String withdrawn(Rewriting made, String now) {
        MergeResult merged = ManifestMerge.merge(made.after(), now, made.before(), MergeOptions.defaults());
        if (!merged.conflicts().isEmpty()) {
            throw new ConflictException(
                    "service",
                    name,
                    "was half made when its process died, and was changed in "
                            + context.layout().manifest() + " since; take away there what is not wanted: "
                            + merged.conflicts());
        }
        return merged.text();
    }

    /** Removes all that is left of a service that is not declared any more. Can be done again where it fails. */
    void clear(ServiceRecord record) {
        files.remove();
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

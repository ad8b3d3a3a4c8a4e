package dev.angee.instance;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.internal.ForeignFlock;
import dev.angee.manifest.LeaseSpec;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.WorkspaceSpec;
import dev.angee.port.LegacyLease;
import dev.angee.port.PortAdoption;
import dev.angee.port.PortLease;
import dev.angee.port.PortLedger;
import dev.angee.resolve.StackLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A root that the Go operator may be working in, or may have worked in. */
final class OperatorRoot {
    private final StackLayout layout;

    OperatorRoot(StackLayout layout) {
        this.layout = layout;
    }

    /** Its lock and ours do not exclude each other, so we look whether it is held. */
    void refuseWhileLocked() {
        Path lock = layout.run().resolve("operator.lock");
        ForeignFlock.holder(lock).ifPresent(holder -> {
            throw new ConflictException(
                    "root",
                    layout.root().toString(),
                    "a Go operator works in it (" + holder + " holds " + lock + "); wait for it, or stop it");
        });
    }

    /**
     * Takes over the port leases that stand in the manifest. Of a manifest that is not sound, nothing; who uses it is told
     * why.
     */
    Imported takeOver(PortLedger ledger) {
        Optional<Manifest> manifest = manifest();
        List<String> taken = new ArrayList<>();
        List<String> left = new ArrayList<>();
        if (manifest.isPresent() && !manifest.get().leases().isEmpty()) {
            PortAdoption adoption = ledger.adopt(
                    layout.root(),
                    manifest.get().leases().stream().map(OperatorRoot::lease).toList());
            for (PortLease lease : adoption.adopted()) {
                taken.add("port " + lease.port() + ", leased to " + lease.owner());
            }
            adoption.refused()
                    .forEach(refused -> left.add("port " + refused.lease().port() + ", leased to "
                            + refused.lease().owner() + ": " + refused.reason()));
        }
        manifest.ifPresent(sound -> sound.workspaces().values().forEach(spec -> workspace(spec, left)));
        return new Imported(taken, left);
    }

    private Optional<Manifest> manifest() {
        try {
            return Optional.of(new ManifestReader().read(layout.manifest()));
        } catch (AngeeException e) {
            return Optional
                    .empty(); // it keeps nobody from opening the instance, and every use of it says what is wrong
        }
    }

    private static LegacyLease lease(LeaseSpec spec) {
        return new LegacyLease(
                spec.pool(), spec.port(), spec.owner(), spec.createdAt().orElse(Instant.EPOCH));
    }

    /** Its clones are not bare, and its worktrees hang on them. */
    private void workspace(WorkspaceSpec spec, List<String> left) {
        boolean made = spec.made().isPresent() && Files.isDirectory(layout.workspace(spec.name()));
        if (made && !Files.exists(layout.workspaceRecord(spec.name()))) {
            left.add("workspace " + spec.name()
                    + ": its worktrees belong to clones of the Go operator, which cannot be used yet; finish it there,"
                    + " or push its branches and create it anew");
        }
    }
}

package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.compile.FixedPorts;
import dev.angee.internal.AtomicFile;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.PersistSpec;
import dev.angee.mount.MadeFolders;
import dev.angee.plan.RuntimePlan;
import dev.angee.port.PortLedger;
import dev.angee.port.PortOwner;
import dev.angee.port.PortReservation;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.Artifact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What has to be there before anything starts: ports leased and fixed, persist folders, artifacts. All of it, or what was there
 * before: until {@link #keep}, closing takes back what this has made. For one thread.
 */
final class Preparation implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final StackLayout layout;
    private final StackPlanner planner;
    private final Optional<PortLedger> ledger;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    Preparation(StackLayout layout, StackPlanner planner, Optional<PortLedger> ledger) {
        this.layout = layout;
        this.planner = planner;
        this.ledger = ledger;
    }

    /** Makes all that the manifest needs, and the plan with the ports that were leased. */
    RuntimePlan make(Manifest manifest) {
        ledger.ifPresent(book -> fix(book, FixedPorts.of(manifest)));
        RuntimePlan plan = planner.plan(manifest, lease(manifest, StackPlanner.pools(manifest)), Map.of());
        Map<String, String> subpaths = new TreeMap<>();
        for (PersistSpec.Entry entry : manifest.persist().entries().values()) {
            subpaths.put(entry.name(), entry.subpath());
        }
        MadeFolders made = layout.persistAnchor(manifest.persist()).create(subpaths);
        undo.push(made::undo);
        return plan;
    }

    /** From now on nothing is taken back. */
    void keep() {
        undo.clear();
    }

    /** Writes an artifact for its owner only, if its bytes or its mode differ; an empty one is removed. */
    void write(Artifact artifact) {
        Path file = layout.root().resolve(artifact.fileName());
        Optional<Content> before = read(file);
        Optional<Content> after = artifact.isEmpty()
                ? Optional.empty()
                : Optional.of(new Content(artifact.text().getBytes(StandardCharsets.UTF_8), OWNER_ONLY));
        boolean same = before.isEmpty()
                ? after.isEmpty()
                : after.filter(before.get()::isSameAs).isPresent();
        if (!same) {
            undo.push(() -> replace(file, before));
            replace(file, after);
        }
    }

    /** What a file holds, and who may read it. */
    private static final class Content {
        private final byte[] bytes;
        private final Set<PosixFilePermission> mode;

        Content(byte[] bytes, Set<PosixFilePermission> mode) {
            this.bytes = bytes;
            this.mode = mode;
        }

        boolean isSameAs(Content other) {
            return Arrays.equals(bytes, other.bytes) && mode.equals(other.mode);
        }
    }

    private static Optional<Content> read(Path file) {
        try {
            return Optional.of(new Content(Files.readAllBytes(file), Files.getPosixFilePermissions(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void replace(Path file, Optional<Content> content) {
        try {
            if (content.isPresent()) {
                AtomicFile.write(file, content.get().bytes, content.get().mode);
            } else {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot remove " + file + ": " + e.getMessage(), e);
        }
    }

    /** Leases from some of the pools that a manifest names. A lease that was there before is not taken back. */
    Map<String, Integer> lease(Manifest manifest, Set<String> pools) {
        for (String pool : pools) {
            ledger.ifPresent(book -> {
                boolean held = book.leases(layout.root()).stream()
                        .anyMatch(lease -> lease.owner().equals(PortOwner.stack(pool)));
                if (!held) {
                    undo.push(() ->
                            book.release(layout.root(), PortOwner.stack(pool).toString()));
                }
            });
        }
        return planner.allocations(manifest, pools);
    }

    private void fix(PortLedger book, Map<String, Integer> ports) {
        Path root = layout.root();
        Map<String, Integer> before = new TreeMap<>();
        for (PortReservation each : book.reservations()) {
            if (each.root().equals(root)) {
                before.put(each.name(), each.port());
            }
        }
        book.reserve(root, ports);
        undo.push(() -> book.reserve(root, before));
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

package dev.angee.port;

import dev.angee.AngeeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Takes the legacy leases of one root into a book. */
final class LeaseAdoption {
    private final PortBook book;
    private final Path root;
    private final Supplier<UUID> ids;
    private final List<PortLease> adopted = new ArrayList<>();
    private final List<LegacyLease> known = new ArrayList<>();
    private final List<PortAdoption.Refused> refused = new ArrayList<>();

    LeaseAdoption(PortBook book, Path root, Supplier<UUID> ids) {
        this.book = book;
        this.root = root;
        this.ids = ids;
    }

    PortAdoption of(List<LegacyLease> leases) {
        leases.forEach(this::adopt);
        return new PortAdoption(adopted, known, refused);
    }

    private void adopt(LegacyLease lease) {
        if (book.adopted(root).contains(lease.key())) {
            known.add(lease);
            return;
        }
        PortOwner owner;
        try {
            owner = PortOwner.parse(lease.owner());
        } catch (AngeeException e) {
            refuse(lease, String.valueOf(e.getMessage()));
            return;
        }
        Optional<PortLease> held = book.leaseOf(root, owner);
        if (held.isPresent() && held.get().port() == lease.port()) {
            book.adopt(root, lease.key());
            known.add(lease);
        } else {
            take(lease, owner);
        }
    }

    private void take(LegacyLease lease, PortOwner owner) {
        if (!owner.pool().equals(lease.pool())) {
            refuse(lease, owner + " stands under the pool '" + lease.pool() + "'; correct one of the two");
        } else if (!PortPool.isPort(lease.port())) {
            refuse(lease, lease.port() + " is not a port; correct it, or remove the lease");
        } else {
            PortClaims.obstacle(book, lease.port(), root, owner)
                    .ifPresentOrElse(reason -> refuse(lease, reason), () -> {
                        PortLease made = new PortLease(ids.get(), lease.port(), root, owner, lease.createdAt());
                        book.add(made);
                        book.adopt(root, lease.key());
                        adopted.add(made);
                    });
        }
    }

    private void refuse(LegacyLease lease, String reason) {
        refused.add(new PortAdoption.Refused(lease, reason));
    }
}

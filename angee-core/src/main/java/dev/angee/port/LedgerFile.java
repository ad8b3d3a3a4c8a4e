package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of a ledger. It is written in format 2, by root; format 1, a list of leases without ids, is still read. What
 * is neither is refused and left as it is.
 */
final class LedgerFile {
    private final Path path;

    LedgerFile(Path path) {
        this.path = path;
    }

    /**
     * What it says; nothing if it is not there.
     *
     * @throws AngeeException {@code UNSUPPORTED} if a newer build wrote it, {@code FAILED} if it is damaged
     */
    PortBook read() {
        return stored().map(this::book).orElseGet(PortBook::new);
    }

    private Optional<LedgerFormat.Stored> stored() {
        try {
            return JsonFile.at(path).read(LedgerFormat.Stored.class);
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.FAILED) {
                throw e;
            }
            refuseNewer(e);
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    /** Replaces it; durable on return. */
    void write(PortBook book) {
        JsonFile.at(path).write(LedgerFormat.Content.of(book));
    }

    private PortBook book(LedgerFormat.Stored stored) {
        if (stored.version() > LedgerFormat.VERSION) {
            throw newer(stored.version(), null);
        }
        try {
            return stored.toBook();
        } catch (IllegalArgumentException | DateTimeException | AngeeException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    /** What a newer build writes may have another shape, and then looks damaged at first. */
    private void refuseNewer(AngeeException failure) {
        Optional<LedgerFormat.Header> header;
        try {
            header = JsonFile.at(path).read(LedgerFormat.Header.class);
        } catch (AngeeException e) {
            failure.addSuppressed(e);
            return;
        }
        if (header.isPresent() && header.get().version() > LedgerFormat.VERSION) {
            throw newer(header.get().version(), failure);
        }
    }

    private AngeeException newer(int version, @Nullable Throwable cause) {
        return new AngeeException(
                ErrorCode.UNSUPPORTED,
                "the port ledger " + path + " has format version " + version + ", and this build knows those up to "
                        + LedgerFormat.VERSION + "; use the newer build that wrote it, or a state folder of your own",
                cause);
    }

    private AngeeException damaged(String reason, Throwable cause) {
        return new AngeeException(
                ErrorCode.FAILED,
                "the port ledger " + path + " is damaged (" + reason
                        + "); repair it, or take down what runs and move it away: every port is leased anew then",
                cause);
    }
}

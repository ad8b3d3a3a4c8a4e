package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in a folder of its own, and two roots. */
abstract class LedgerFixture {
    static final PortPool POOL = new PortPool("web", 8100, 8102);
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

    @TempDir
    private Path temporary;

    Path folder;
    Path one;
    Path two;

    @BeforeEach
    void makeRoots() throws IOException {
        folder = temporary.toRealPath();
        one = Files.createDirectories(folder.resolve("one"));
        two = Files.createDirectories(folder.resolve("two"));
    }

    Path file() {
        return folder.resolve("state/ports.json");
    }

    PortLedger ledger() {
        return ledger(PortProbe.noObjection());
    }

    /** Another object on the same file, as another JVM would have. */
    PortLedger ledger(PortProbe probe) {
        return PortLedger.in(folder.resolve("state"), Clock.fixed(NOW, ZoneOffset.UTC), probe);
    }

    void write(String content) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), content);
    }

    static PortOwner web(String workspace) {
        return PortOwner.workspace(workspace, "web");
    }

    static AbstractThrowableAssert<?, ? extends Throwable> assertFails(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}

package dev.angee.process;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The processes of one moment, read once, when they are needed. Not thread-safe. */
final class OneLook implements Supplier<ProcTable> {
    private @Nullable ProcTable table;

    @Override
    public ProcTable get() {
        ProcTable known = table;
        if (known == null) {
            known = ProcTable.read();
            table = known;
        }
        return known;
    }
}

package dev.angee.internal.change;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Changes of files that tell a test of each step, where it may throw: an exception is a failure, and so is an error of the virtual
 * machine, such as want of memory; any other error is a death.
 */
public final class Steps {
    private Steps() {}

    /** The files below a folder. */
    public static FileChanges of(Path top, Path journals, Consumer<String> step) {
        return new FileChanges(top, journals, () -> UUID.randomUUID().toString().replace("-", ""), deadly(step));
    }

    /** After a death nothing more is done. */
    private static Step deadly(Consumer<String> step) {
        AtomicReference<Optional<Error>> death = new AtomicReference<>(Optional.empty());
        return label -> {
            if (death.get().isPresent()) {
                throw death.get().get();
            }
            try {
                step.accept(label);
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Error e) {
                death.set(Optional.of(e));
                throw e;
            }
        };
    }
}

package dev.angee.internal.change;

import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;

/** Changes of files that tell a test of each step, where it may throw: an exception is a failure, an error a death. */
public final class Steps {
    private Steps() {}

    /** The files below a folder. */
    public static FileChanges of(Path top, Path journals, Consumer<String> step) {
        return new FileChanges(top, journals, () -> UUID.randomUUID().toString().replace("-", ""), step::accept);
    }
}

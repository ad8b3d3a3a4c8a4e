package dev.angee.process;

import java.nio.file.Path;
import java.util.Optional;

/** Lets a benchmark bound a log as the product does. */
public final class BoundedLog {
    private final LogBound bound = LogBound.detect("/usr/bin:/bin");
    private final Path log;

    /** Bounds that log by the standard rule. */
    public BoundedLog(Path log) {
        this.log = log;
    }

    /** Looks once. */
    public void enforce() throws InterruptedException {
        bound.enforce(log, Optional.empty());
    }
}

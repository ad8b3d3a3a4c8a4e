package dev.angee;

import java.util.Locale;

/** Where a workload runs. */
public enum RuntimeKind {
    /** In a container, by Docker Compose. */
    CONTAINER,
    /** As a process of this host, by Angee's own supervisor. */
    LOCAL;

    /** The word that stands for this runtime in {@code angee.yaml} and on the wire. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

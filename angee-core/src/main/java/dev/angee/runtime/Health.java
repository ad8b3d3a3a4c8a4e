package dev.angee.runtime;

import java.util.Locale;

/** What a workload's health check says. */
public enum Health {
    /** It has no health check. */
    NONE,
    /** It has one, and no verdict yet. */
    STARTING,
    /** Its last probe succeeded. */
    HEALTHY,
    /** As many probes in a row as allowed have failed. */
    UNHEALTHY;

    /** The lower-case word used on the wire. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

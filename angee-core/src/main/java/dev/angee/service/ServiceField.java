package dev.angee.service;

import java.util.Locale;

/** A field of a service that can be given and taken away by itself. */
public enum ServiceField {
    /** Where it runs. */
    RUNTIME,
    /** The image of its container. */
    IMAGE,
    /** The program and its arguments. */
    COMMAND,
    /** Its variables. */
    ENV,
    /** What it sees of the host. */
    MOUNTS,
    /** The ports it publishes. */
    PORTS,
    /** Its working directory. */
    WORKDIR;

    /** What it is called in {@code angee.yaml}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.angee.resolve;

/** Who keeps the secrets of a stack. */
public enum SecretKeeper {
    /** The store that the manifest names. */
    MANIFEST,
    /** A store of the host application; an env file that the manifest names as its store holds none. */
    HOST
}

package dev.angee.manifest;

import java.util.Optional;

/**
 * Where the values of secrets are kept.
 *
 * @param type the kind of store
 * @param path the file, relative to the root, or the path in the store
 * @param address the address of the store
 * @param mount the mount of the store's engine
 * @param token what the store is entered with
 */
public record SecretsBackendSpec(
        Type type, Optional<String> path, Optional<String> address, Optional<String> mount, Optional<String> token) {
    /** Kinds of stores. */
    public enum Type {
        /** A file of {@code KEY=value} lines. */
        ENV_FILE,
        /** OpenBao, or Vault: version 2 of its key-value engine. */
        OPENBAO
    }

    /** The file {@code .env} in the root. */
    public static SecretsBackendSpec standard() {
        return new SecretsBackendSpec(
                Type.ENV_FILE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "SecretsBackendSpec[" + type + ", path=" + path + ", address=" + address + ", mount=" + mount + "]";
    }
}

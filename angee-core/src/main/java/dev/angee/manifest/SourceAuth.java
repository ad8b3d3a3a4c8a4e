package dev.angee.manifest;

import java.util.Optional;

/**
 * What the remote of a source is shown. The manifest names a secret; its value is nowhere in it.
 *
 * @param mode in what way
 * @param secret the name of the secret that is shown: a token, or a private key without a pass phrase
 * @param knownHosts for {@code ssh} only: the file that names the hosts that are trusted, absolute or relative to the root;
 *     {@code ~/.ssh/known_hosts} if absent
 */
public record SourceAuth(Mode mode, String secret, Optional<String> knownHosts) {

    /** In what way a remote is let know who asks. */
    public enum Mode {
        /** A token for {@code https}. */
        TOKEN,
        /** A key for {@code ssh}. */
        SSH
    }
}

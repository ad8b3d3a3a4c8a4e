package dev.angee.secret;

import java.util.Optional;
import java.util.Set;

/**
 * Has the values of some secrets for a stack whose own store has none for them, such as an instance for the inner stacks of its
 * workspaces. Safe for use by several threads.
 */
public interface SecretLender {
    /** The secrets that it lends, whether or not they have a value now. */
    Set<SecretName> names();

    /** The value of a secret now; empty if it has none, or is not lent. Changes nothing. */
    Optional<SecretValue> find(SecretName name);
}

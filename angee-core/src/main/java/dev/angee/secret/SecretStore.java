package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps secrets, each under its name. Every call blocks until it is done; what it changed is durable on return, and seen
 * by every later call, of this process or another. A value comes back exactly as it was put: blanks, control
 * characters and the empty text too. Safe for use by several threads and by several processes.
 *
 * <p>A store that does not answer fails with {@code UNAVAILABLE}, one that answers with something else than its
 * protocol, or refuses, with {@code FAILED} or {@code INVALID}. No message and no {@code toString} holds a value or a
 * credential.
 */
public interface SecretStore {

    /**
     * This store, with the values of a lender for what it has none for. What is put or deleted is this store's own.
     *
     * @param lender is asked anew each time
     */
    default SecretStore borrowing(SecretLender lender) {
        return new BorrowingStore(this, lender);
    }

    /** The value of a secret; empty if there is none. An empty text is a value. Changes nothing. */
    Optional<SecretValue> get(SecretName name);

    /**
     * Sets the value of a secret, whether or not it had one. Other secrets stay as they are.
     *
     * @throws AngeeException if it could not be stored; it then has its old value, unless the store was lost on the way
     */
    void put(SecretName name, SecretValue value);

    /**
     * Sets the value of a secret that has none. Of any number of callers at once, one sets it, and all are told the
     * same value.
     *
     * @return the value it has now: the given one, or the one that was there
     * @throws ConflictException if it is changed by others time and again
     */
    SecretValue putIfAbsent(SecretName name, SecretValue value);

    /** Takes the value of a secret away. A secret that has none is no error, and then nothing is changed. */
    void delete(SecretName name);

    /**
     * The keys of all secrets that have a value, in order: {@link #key} of each, and nothing else that may be kept
     * there. Changes nothing.
     */
    Set<String> keys();

    /** What the store files a secret under; two names with one key are one secret to this store. */
    String key(SecretName name);
}

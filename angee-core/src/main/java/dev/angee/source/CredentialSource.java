package dev.angee.source;

/** Knows what a remote is to be shown. Asked anew for every call that reaches a remote, from any thread. */
@FunctionalInterface
public interface CredentialSource {

    /**
     * What this remote is shown; {@link Credentials#none()} for one that asks for nothing.
     *
     * @param remote the remote, as the manifest names it
     */
    Credentials of(GitUrl remote);

    /** The same, each for the remote that it was asked for only, whatever a cache may name by then. */
    default CredentialSource bound() {
        return remote -> of(remote).onlyFor(remote);
    }

    /** Shows nothing to anybody. */
    static CredentialSource none() {
        return remote -> Credentials.none();
    }
}

package dev.angee;

/** The kinds of failure a caller may want to tell apart. Adapters map these once, to HTTP statuses or exit codes. */
public enum ErrorCode {
    /** What was given is wrong; the same call fails again until the input changes. */
    INVALID,
    /** The named thing does not exist. */
    NOT_FOUND,
    /** The state of the world forbids the change now: a name taken, work that would be lost, a lock held. */
    CONFLICT,
    /** Something needed (an engine, a remote, a program) does not answer; the same call may succeed later. */
    UNAVAILABLE,
    /** The request is understood, and this build, backend or platform cannot do it. */
    UNSUPPORTED,
    /** The operation was tried and failed. */
    FAILED
}

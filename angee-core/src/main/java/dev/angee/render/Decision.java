package dev.angee.render;

import dev.angee.internal.change.Fingerprint;
import dev.angee.render.RenderConflict.Reason;

/**
 * What becomes of one file: the table of {@code docs/templates.md}, row by row.
 *
 * @param outcome what is to be done
 * @param reason what is wrong, of a conflict
 */
record Decision(Outcome outcome, Reason reason) {
    /** What can be done with a file. */
    enum Outcome {
        ADD,
        MODIFY,
        DELETE,
        ADOPT,
        KEEP,
        CONFLICT
    }

    /**
     * Decides.
     *
     * @param base what was rendered last
     * @param ours what is on disk
     * @param theirs what is rendered now
     */
    static Decision of(Fingerprint base, Fingerprint ours, Fingerprint theirs, OnConflict way) {
        if (!isThere(theirs)) {
            return gone(base, ours, way);
        }
        if (ours.equals(theirs)) {
            return of(base.equals(theirs) ? Outcome.KEEP : Outcome.ADOPT);
        }
        if (base.equals(theirs)) { // only here something was changed: an edit stays, and what was removed stays away
            boolean reset = way == OnConflict.OVERWRITE;
            return of(!reset ? Outcome.KEEP : isThere(ours) ? Outcome.MODIFY : Outcome.ADD);
        }
        if (!isThere(base)) {
            return isThere(ours) ? conflict(untracked(ours, theirs), Outcome.MODIFY, way) : of(Outcome.ADD);
        }
        if (base.equals(ours)) {
            return of(Outcome.MODIFY);
        }
        return isThere(ours)
                ? conflict(modified(ours, theirs), Outcome.MODIFY, way)
                : conflict(Reason.LOCALLY_MODIFIED, Outcome.ADD, way);
    }

    /** The template does not render it, or not any more. */
    private static Decision gone(Fingerprint base, Fingerprint ours, OnConflict way) {
        boolean nothing = !isThere(base) || !isThere(ours) || base.kind() == Fingerprint.Kind.FOLDER;
        if (nothing) {
            return of(Outcome.KEEP);
        }
        return base.equals(ours) ? of(Outcome.DELETE) : conflict(Reason.LOCALLY_MODIFIED, Outcome.DELETE, way);
    }

    private static Reason untracked(Fingerprint ours, Fingerprint theirs) {
        return ours.kind() == theirs.kind() ? Reason.UNTRACKED_DIFFERENT : Reason.TYPE_CHANGED;
    }

    private static Reason modified(Fingerprint ours, Fingerprint theirs) {
        return ours.kind() == theirs.kind() ? Reason.LOCALLY_MODIFIED : Reason.TYPE_CHANGED;
    }

    private static Decision conflict(Reason reason, Outcome overwritten, OnConflict way) {
        return new Decision(
                switch (way) {
                    case OVERWRITE -> overwritten;
                    case KEEP -> Outcome.KEEP;
                    case REFUSE -> Outcome.CONFLICT;
                },
                reason);
    }

    private static Decision of(Outcome outcome) {
        return new Decision(outcome, Reason.LOCALLY_MODIFIED);
    }

    private static boolean isThere(Fingerprint print) {
        return print.kind() != Fingerprint.Kind.ABSENT;
    }
}

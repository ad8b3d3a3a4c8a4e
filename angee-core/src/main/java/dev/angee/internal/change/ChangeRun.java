package dev.angee.internal.change;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;

/** One change, from its beginning, or from where a process has left it, to one end or the other. */
final class ChangeRun {
    private final ChangeSite site;
    private final ChangeJournal journal;
    private final ChangeStaging staging;
    private final ChangeMoves moves;

    ChangeRun(ChangeSite site, ChangeJournal journal) {
        this.site = site;
        this.journal = journal;
        this.staging = new ChangeStaging(site);
        this.moves = new ChangeMoves(site, journal);
    }

    /** Part of a change. */
    private interface Work {
        void run() throws IOException;
    }

    /** Makes the change, or takes it back and throws; what it returns is what should be known of it. */
    List<String> apply(Map<String, FileContent> contents) throws IOException {
        journal.prepare();
        try {
            site.step("before writing the journal");
            journal.begin(site.record());
            site.step("after writing the journal");
            try (HeldFolder workshop = journal.workshop()) {
                staging.stage(contents, workshop);
            }
            staging.requireWhole();
            go(ChangeJournal.Phase.MOVING);
            makeAll();
        } catch (HeldFolders.BlockedException e) {
            throw takenBack(e.conflict());
        } catch (IOException | RuntimeException e) {
            throw takenBack(e);
        } catch (Error e) {
            takeBackAfter(e);
            throw e;
        }
        try {
            uninterrupted(this::tidy);
        } catch (IOException | RuntimeException e) {
            site.tell("all is changed, but not tidied up yet (" + e + "); what comes next will do it");
        }
        return site.kept();
    }

    private void makeAll() throws IOException {
        moves.make();
        go(ChangeJournal.Phase.TIDYING);
    }

    private void go(ChangeJournal.Phase phase) throws IOException {
        site.step("before going on to " + phase);
        journal.go(phase);
        site.step("after going on to " + phase);
    }

    private void tidy() throws IOException {
        moves.tidy();
        end();
    }

    private void end() throws IOException {
        site.step("before forgetting the change");
        journal.end();
        site.step("after forgetting the change");
    }

    private void takeBack() throws IOException {
        if (journal.phase() != ChangeJournal.Phase.STAGING) {
            go(ChangeJournal.Phase.MOVING); // it may have been told that all was made
            moves.takeBack();
            go(ChangeJournal.Phase.STAGING);
        }
        staging.clear();
        end();
    }

    /** Takes all back. What is to be thrown says too if that failed, or if something could not be put back. */
    private RuntimeException takenBack(Exception failure) {
        String more = "";
        try {
            uninterrupted(this::takeBack);
            more = site.kept().isEmpty() ? "" : "; " + String.join("; ", site.kept());
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
            more = "; and not all of it could be taken back yet (" + e + "), which is what comes next";
        }
        if (failure instanceof ConflictException conflict && !more.isEmpty()) {
            var whole = new ConflictException(conflict.kind(), conflict.name(), conflict.reason() + more);
            whole.addSuppressed(failure);
            return whole;
        }
        if (failure instanceof RuntimeException exception && more.isEmpty()) {
            return exception;
        }
        ErrorCode code = failure instanceof AngeeException known ? known.code() : ErrorCode.UNAVAILABLE;
        String what =
                failure instanceof ClosedByInterruptException ? "interrupted" : String.valueOf(failure.getMessage());
        return new AngeeException(code, "files could not be changed: " + what + more, failure);
    }

    /** Takes all back, if the machine still can. */
    private void takeBackAfter(Error error) {
        try {
            uninterrupted(this::takeBack);
        } catch (IOException | RuntimeException | Error e) {
            if (e != error) { // some are made but once
                error.addSuppressed(e);
            }
        }
    }

    /** An interrupt is kept for later. */
    private static void uninterrupted(Work work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends what somebody has left. */
    ChangeRecovery recover() throws IOException {
        boolean completed = journal.phase() == ChangeJournal.Phase.TIDYING
                || (journal.phase() == ChangeJournal.Phase.MOVING && moves.canBeMade() && isMade());
        if (completed) {
            tidy();
        } else {
            takeBack();
        }
        return new ChangeRecovery(
                completed ? ChangeRecovery.Outcome.COMPLETED : ChangeRecovery.Outcome.UNDONE, site.kept());
    }

    private boolean isMade() throws IOException {
        try {
            makeAll();
            return true;
        } catch (ConflictException | HeldFolders.BlockedException | NoSuchFileException e) {
            return false; // Somebody changed something just now; then it is taken back, which tells of it.
        }
    }
}

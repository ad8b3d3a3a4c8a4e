package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the logs of the services of one stack bounded, for the one who supervises, and tells the keeper which those are.
 * For one thread at a time.
 */
final class BoundLogs {
    private final RecordStore store;
    private final LogBound bound;
    private String listed = "";

    BoundLogs(RecordStore store, LogBound bound) {
        this.store = store;
        this.bound = bound;
    }

    /**
     * Bounds the logs of all, also of those that have ended, and tells the keeper.
     *
     * @throws AngeeException the first failure, once all were tried
     */
    void keepBounded(List<ProcessView> views) throws InterruptedException {
        List<AngeeException> failures = new ArrayList<>();
        for (ProcessView view : views) {
            try {
                bound.enforce(
                        store.log(view.record()),
                        view.record().workload().lifecycle().logs());
            } catch (AngeeException e) {
                failures.add(e);
            }
        }
        try {
            list(views);
        } catch (AngeeException e) {
            failures.add(e);
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** Writes down what {@link LogBoundScript} reads, if it has changed. The paths begin at the folder of the records. */
    private void list(List<ProcessView> views) {
        StringBuilder text = new StringBuilder();
        for (ProcessView view : views) {
            Path log = store.folder().relativize(store.log(view.record()));
            text.append(LogBound.kept(view.record().workload().lifecycle().logs()))
                    .append(' ')
                    .append(log)
                    .append('\n');
        }
        if (text.toString().equals(listed)) {
            return;
        }
        Path next = store.listingFile().resolveSibling(".logs.new");
        try {
            Files.writeString(next, text);
            Files.move(next, store.listingFile(), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return; // all was forgotten meanwhile
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot write " + next + ": " + e.getMessage(), e);
        }
        listed = text.toString();
    }
}

package dev.angee.runtime;

import java.util.Comparator;
import java.util.List;

/**
 * The runs of a stack's jobs: those that run, and the last {@link #KEPT} of each job that have ended. They are the same
 * for every backend object on one root, in any JVM. A run whose caller died goes on until it ends by itself, is
 * cancelled, or its stack is taken down, which forgets all runs; its timeout is seen to by whoever supervises the stack, if
 * anybody does, and at the next run of a job.
 *
 * <p>Thread-safe. Methods throw {@link dev.angee.AngeeException} with {@code UNAVAILABLE} when the runtime or its records
 * cannot be reached, and {@link dev.angee.NotFoundException} for an id of no known run, whatever it looks like.
 */
public interface JobRuns {
    /** How many runs of each job are kept; the next run of the job forgets the oldest that have ended. */
    int KEPT = 20;

    /** The order of {@link #list}. */
    Comparator<JobRun> NEWEST_FIRST =
            Comparator.comparing(JobRun::startedAt).reversed().thenComparing(JobRun::id);

    /**
     * What is true now of every known run, the newest first. One whose record is damaged is there too, with what can be
     * told of it and the reason. Changes nothing.
     */
    List<JobRun> list();

    /**
     * The last lines that a run has written so far to stdout and stderr, at most {@link ExitStatus#OUTPUT_LIMIT} bytes.
     * Changes nothing.
     */
    String output(String id);

    /**
     * Ends a run: asks it to end, and kills its whole process tree when the grace is over. When this returns, all its
     * processes are gone, and it is {@link JobState#CANCELLED}; the call that waits for its end fails with a
     * {@link JobEndedException}. A run that has ended before stays as it is, and one that is being ended already, because
     * its time is up, is {@link JobState#TIMED_OUT}. Where {@code down} forgets the run meanwhile, it stays forgotten.
     *
     * @param options its grace is how long it may take to end by itself, unless its own lifecycle says so
     * @throws dev.angee.AngeeException {@code FAILED} if it could not be killed
     * @throws InterruptedException if interrupted; it may still run then, and cancelling it again converges
     */
    void cancel(String id, StopOptions options) throws InterruptedException;
}

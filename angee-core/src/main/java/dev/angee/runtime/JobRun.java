package dev.angee.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of one run of a job.
 *
 * @param id what tells it from every other run, also of other stacks
 * @param job the name of the job
 * @param startedAt when it was started; of a damaged record, when anything of it was last seen
 * @param state where it is in its life
 * @param exitCode its exit code, if it has ended and left one; a run that was killed leaves none
 * @param duration how long it ran, if it has ended and that is known
 * @param reason why it is so, for people; may be empty, holds no output and no value of a secret
 */
public record JobRun(
        String id,
        String job,
        Instant startedAt,
        JobState state,
        OptionalInt exitCode,
        Optional<Duration> duration,
        String reason) {}

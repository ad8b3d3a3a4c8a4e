package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.runtime.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JobEndTest {
    @Test
    void ends_and_what_leads_to_them_are_read_as_they_were_written() {
        List<JobEnd> ends = List.of(
                new JobEnd(JobState.LOST, OptionalInt.empty(), Optional.empty(), "who knows"),
                new JobEnd(JobState.FAILED, OptionalInt.of(3), Optional.of(Duration.ofNanos(1234567891)), ""));
        assertThat(ends).allMatch(end -> JobEnd.read(end.write()).equals(end));
        List<JobEnding> endings = List.of(
                JobEnding.cancelled(Duration.ofMillis(1)),
                JobEnding.abandoned(),
                JobEnding.timedOut(Duration.ofDays(1)));
        assertThat(endings).allMatch(ending -> JobEnding.read(ending.write()).equals(ending));
    }

    @Test
    void what_a_newer_version_has_written_is_refused() {
        ObjectNode end = new JobEnd(JobState.LOST, OptionalInt.empty(), Optional.empty(), "").write();
        end.put("format", 2);
        assertThatThrownBy(() -> JobEnd.read(end)).isInstanceOf(IllegalArgumentException.class);
        ObjectNode ending = JobEnding.abandoned().write();
        ending.put("format", 2);
        assertThatThrownBy(() -> JobEnding.read(ending)).isInstanceOf(IllegalArgumentException.class);
    }
}

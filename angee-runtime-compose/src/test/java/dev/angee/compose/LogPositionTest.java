package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Where reading a log goes on. */
class LogPositionTest {
    private static final Instant NOW = Instant.ofEpochSecond(100);

    @Test
    void entries_of_one_nanosecond_are_told_apart_by_their_number() {
        LogPosition position = LogPosition.before(NOW);
        assertThat(position.passes(entry(1, 7, 1))).isTrue();
        assertThat(position.passes(entry(1, 7, 2))).isTrue();
        position.resume();
        assertThat(position.passes(entry(1, 7, 1))).isFalse();
        assertThat(position.passes(entry(1, 7, 2))).isFalse();
        assertThat(position.passes(entry(1, 7, 3))).isTrue();
    }

    @Test
    void each_stream_has_a_place_of_its_own() {
        LogPosition position = LogPosition.after(NOW);
        assertThat(position.passes(entry(1, 200, 1))).isTrue();
        position.resume();
        assertThat(position.passes(entry(2, 100, 1))).isFalse();
        assertThat(position.passes(entry(2, 150, 1))).isTrue();
        assertThat(position.passes(entry(1, 150, 1))).isFalse();
        assertThat(position.since()).isEqualTo(Instant.ofEpochSecond(199));
    }

    @Test
    void a_stream_that_has_long_been_silent_makes_nobody_read_all_again() {
        LogPosition position = LogPosition.after(Instant.EPOCH);
        position.passes(entry(1, 200, 1));
        assertThat(position.since()).isEqualTo(Instant.ofEpochSecond(199));
    }

    @Test
    void a_clock_that_is_set_back_silences_nobody_who_listens() {
        LogPosition position = LogPosition.after(NOW);
        assertThat(position.passes(entry(1, 200, 1))).isTrue();
        assertThat(position.passes(entry(1, 20, 1))).isTrue();
    }

    @Test
    void of_a_line_that_was_cut_at_its_beginning_no_piece_comes_twice() {
        LogPosition position = LogPosition.before(NOW);
        position.passes(entry(1, 7, 1)); // really the third piece, or the tenth
        position.cut();
        position.resume();
        assertThat(position.passes(entry(1, 7, 5))).isFalse();
        assertThat(position.passes(entry(1, 8, 1))).isTrue();
    }

    @Test
    void a_line_within_what_was_read_is_not_cut() {
        LogPosition position = LogPosition.before(NOW);
        position.passes(entry(1, 7, 1));
        position.passes(entry(1, 8, 1));
        position.cut();
        position.resume();
        assertThat(position.passes(entry(1, 8, 2))).isTrue();
    }

    private static LogEntry entry(int stream, long second, int ordinal) {
        return new LogEntry(stream, Instant.ofEpochSecond(second), ordinal, new byte[0], 0);
    }
}

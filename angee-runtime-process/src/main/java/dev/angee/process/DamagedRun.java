package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobState;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be told of a run whose record cannot be read: its folder has the name {@code JOB.ID}. */
final class DamagedRun {
    private DamagedRun() {}

    /** The run; nothing if it has been forgotten meanwhile. */
    static Optional<JobRun> at(Path place, AngeeException failure) {
        Instant seen;
        try {
            seen = Files.getLastModifiedTime(place).toInstant();
        } catch (IOException e) {
            return Optional.empty();
        }
        JobState state = isAlive(id(place)) ? JobState.RUNNING : JobState.LOST;
        String reason = String.valueOf(failure.getMessage());
        return Optional.of(
                new JobRun(id(place), job(place), seen, state, OptionalInt.empty(), Optional.empty(), reason));
    }

    /** Its id. */
    static String id(Path place) {
        String name = String.valueOf(place.getFileName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Bytes other than plain letters are {@code %XX} in it. */
    private static String job(Path place) {
        String name = String.valueOf(place.getFileName());
        String encoded = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded; // not a name that we have given
        }
    }

    private static boolean isAlive(String id) {
        ProcTable table = ProcTable.read();
        return table.entries().stream()
                .anyMatch(entry -> !entry.ended()
                        && table.marker(entry)
                                .filter(marker -> marker.contains("." + id))
                                .isPresent());
    }
}

package dev.angee.git;

import dev.angee.internal.FolderRemoval;
import dev.angee.source.FetchOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When a cache was last fetched, and how deep: a small file in it, of the one who holds the shared lock.
 *
 * @param began when the fetch began; what it brought is at least that new
 * @param depth how many of the newest commits it was to bring; 0 for all
 */
record FetchStamp(Instant began, int depth) {
    static final String FILE = "angee-fetched";
    private static final String DRAFT = FILE + ".new";
    private static final int LARGEST = 100;

    /** The stamp of a fetch with these options. */
    static FetchStamp of(Instant began, FetchOptions options) {
        return new FetchStamp(began, options.depth().orElse(0));
    }

    /** What is written in a cache; empty if there is nothing that can be read. */
    static Optional<FetchStamp> read(Path cache) {
        Path file = cache.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            List<String> parts = List.of(new String(in.readNBytes(LARGEST), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1));
            return parts.size() == 2
                    ? Optional.of(new FetchStamp(Instant.parse(parts.get(0)), Integer.parseInt(parts.get(1))))
                    : Optional.empty();
        } catch (IOException | DateTimeException | NumberFormatException e) {
            return Optional.empty(); // Then it is fetched.
        }
    }

    /** Puts it into a cache. */
    void write(Path cache) throws IOException {
        Path draft = cache.resolve(DRAFT);
        FolderRemoval.of(draft);
        Files.writeString(draft, began + " " + depth + "\n", StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
        Files.move(draft, cache.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether somebody who came at that time with these options need not fetch any more. */
    boolean serves(FetchOptions options, Instant arrived, Instant now) {
        boolean deepEnough = depth == options.depth().orElse(0);
        boolean newEnough =
                began.isAfter(arrived) || began.plus(options.freshness()).isAfter(now);
        return deepEnough && newEnough && !began.isAfter(now);
    }
}

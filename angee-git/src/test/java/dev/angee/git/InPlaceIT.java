package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.namesIn;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Caches and worktrees are written where they live. A copy gives itself away: by other times than the index knows, or, if it took
 * the times along, by files that came into being after they were last written.
 */
class InPlaceIT {
    private static final int FILES = 100;
    private static final Pattern NOTED = Pattern.compile("""
            (?<file>.+)
              ctime: (?<ctime>\\d+):(?<cnano>\\d+)
              mtime: (?<mtime>\\d+):(?<mnano>\\d+)
              dev: \\d+\tino: (?<ino>\\d+)
            """);

    @TempDir
    Path folder;

    static List<String> engines() {
        return Engines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void caches_and_worktrees_are_written_where_they_live_and_the_index_needs_no_refresh_C30(String engine)
            throws Exception {
        SourceControl control = Engines.of(engine);
        Remote remote = Remote.in(folder);
        for (int i = 0; i < FILES; i++) {
            write(remote.others().resolve("d" + i % 7 + "/f" + i), "file " + i + "\n");
        }
        write(remote.others().resolve("run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(remote.others().resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(remote.others().resolve("link"), Path.of("d1/f1"));
        remote.commitAll();
        Set<String> before = namesIn(remote.folder());

        remote.fetch(control);
        Worktree worktree = remote.add(control, "w", WORK);

        before.addAll(Set.of("caches", "w"));
        assertThat(namesIn(remote.folder())).as("what is beside them").isEqualTo(before);
        assertThat(namesIn(remote.cache().getParent())).containsExactly("app.git");
        notedAsTheyAre(worktree.path());
        List<Path> written = filesIn(worktree.path());
        assertThat(written).hasSize(FILES + 3); // the link is none, .git is one
        written.addAll(filesIn(remote.cache().resolve("objects")));
        for (Path file : written) {
            bornBeforeItWasWritten(file);
        }
    }

    /** Git takes files for unchanged if they are as its index has noted. */
    private static void notedAsTheyAre(Path worktree) throws Exception {
        assertThat(git(worktree, "diff-files", "--raw"))
                .as("what git would have to look into")
                .isEmpty();
        Matcher entry = NOTED.matcher(git(worktree, "ls-files", "--debug"));
        int entries = 0;
        for (; entry.find(); entries++) { // git itself may compare no more than seconds
            List<String> noted = List.of(
                    time(entry.group("mtime"), entry.group("mnano")),
                    time(entry.group("ctime"), entry.group("cnano")),
                    entry.group("ino"));
            List<String> found = stat("%.9Y %.9Z %i", worktree.resolve(entry.group("file")));
            assertThat(found).as(entry.group()).isEqualTo(noted);
        }
        assertThat(entries).isEqualTo(FILES + 3);
    }

    private static String time(String seconds, String nanos) {
        return seconds + "." + "0".repeat(9 - nanos.length()) + nanos;
    }

    private static List<String> stat(String format, Path file) throws Exception {
        Process stat = new ProcessBuilder("stat", "-c", format, file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(stat.waitFor()).as(said).isZero();
        return List.of(said.split(" ", -1));
    }

    private static List<Path> filesIn(Path place) throws Exception {
        try (Stream<Path> files = Files.walk(place)) {
            return new ArrayList<>(files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList());
        }
    }

    /** By the file system's clock; skipped where it does not know when a file came to be. */
    private static void bornBeforeItWasWritten(Path file) throws Exception {
        List<String> found = stat("%.9W %.9Y", file);
        BigDecimal born = new BigDecimal(found.get(0));
        assumeThat(born.signum()).as("times of birth").isPositive();
        assertThat(born).as(file + " is no copy").isLessThanOrEqualTo(new BigDecimal(found.get(1)));
    }
}

package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.eclipse.jgit.lib.CoreConfig.AutoCRLF;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.WorkingTreeOptions;

/**
 * What a cache says of the files in its worktrees, for a git program that does not see the cache: which are ignored
 * ({@code info/exclude}), whether modes and links count, and how lines end. JGit reads the same where that stands.
 */
final class FileRules {
    private static final int LARGEST = 16 * 1024 * 1024;

    private final Repository repository;

    FileRules(Repository repository) {
        this.repository = repository;
    }

    /** The part of a configuration that says so. */
    String settings() {
        WorkingTreeOptions options = repository.getConfig().get(WorkingTreeOptions.KEY);
        AutoCRLF autoCrlf = options.getAutoCRLF();
        return "[core]\n\tfilemode = " + options.isFileMode()
                + "\n\tsymlinks = " + repository.getConfig().getBoolean("core", "symlinks", true)
                + "\n\tautocrlf = " + autoCrlf.name().toLowerCase(Locale.ROOT)
                + "\n\teol = " + options.getEOL().name().toLowerCase(Locale.ROOT) + "\n";
    }

    /** The files that are ignored everywhere, as {@code info/exclude} has them. */
    String ignored() throws IOException {
        Path file = repository.getCommonDirectory().toPath().resolve("info").resolve("exclude");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new AngeeException(
                        ErrorCode.INVALID, "'" + file + "' is larger than any list of ignored files; shorten it");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return ""; // Removed meanwhile.
        }
    }
}

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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * A cache's configuration. Whoever can write to the cache can write it; so it is read once, as a plain file of a bounded size
 * that includes no other, and JGit gets the few settings that lead nowhere and start nothing. Of the others it never learns.
 */
final class CacheConfig {
    private static final int LARGEST = 1024 * 1024;
    private static final Set<String> CORE = Set.of("filemode", "symlinks", "autocrlf", "eol", "safecrlf");
    private static final Set<String> REMOTE = Set.of("url", "fetch");
    private static final Set<String> BRANCH = Set.of("remote", "merge");
    /** Kept to be refused: what a filter should have done to a file, nobody must take for done. */
    private static final Set<String> FILTER = Set.of("clean", "smudge", "required");

    private CacheConfig() {}

    /** All that the file says. */
    static Config read(Path cache) throws IOException {
        Path file = cache.resolve("config");
        Config config = new Config();
        try {
            config.fromText(text(file));
        } catch (ConfigInvalidException e) {
            throw new IOException("'" + file + "' is not a git configuration: " + e.getMessage(), e);
        }
        for (String section : config.getSections()) {
            if (section.toLowerCase(Locale.ROOT).startsWith("include")) {
                throw invalid(file, "includes other files; remove its section '" + section + "'");
            }
        }
        return config;
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw invalid(file, "is no plain file; remove it");
            }
            return "";
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw invalid(file, "is larger than any that git writes; remove it");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return ""; // Removed meanwhile.
        }
    }

    private static AngeeException invalid(Path file, String problem) {
        return new AngeeException(ErrorCode.INVALID, "the cache's configuration '" + file + "' " + problem);
    }

    /** Has a repository that was opened without a configuration go by this one. */
    static void give(Config all, Repository repository) throws IOException {
        Config kept = new Config();
        keep(all, kept, "core", null, CORE);
        keep(all, kept, "remote", "origin", REMOTE);
        for (String branch : all.getSubsections("branch")) {
            keep(all, kept, "branch", branch, BRANCH);
        }
        for (String filter : all.getSubsections("filter")) {
            keep(all, kept, "filter", filter, FILTER);
        }
        kept.setBoolean("core", null, "logAllRefUpdates", false);
        // JGit's own gc loses what other worktrees have staged.
        kept.setInt("gc", null, "auto", 0);
        kept.setInt("gc", null, "autoPackLimit", 0);
        try {
            repository.getConfig().fromText(kept.toText());
        } catch (ConfigInvalidException e) {
            throw new IOException("cannot repeat the cache's configuration: " + e.getMessage(), e);
        }
    }

    private static void keep(Config all, Config kept, String section, @Nullable String subsection, Set<String> names) {
        for (String name : names) {
            List<String> values = List.of(all.getStringList(section, subsection, name));
            if (!values.isEmpty()) {
                kept.setStringList(section, subsection, name, values);
            }
        }
    }
}

package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileBasedConfig;

/** Says no to the repository formats that JGit 7.8 would open and then read wrongly. */
final class RepositoryFormat {
    private static final String EXTENSIONS = "extensions";
    private static final Set<String> HARMLESS =
            Set.of("noop", "preciousobjects", "worktreeconfig", "relativeworktrees", "objectformat", "refstorage");

    private RepositoryFormat() {}

    /** Checks the repository with this common folder, which is configured so. */
    static void check(Path commonFolder, Config config) {
        problemOf(config).ifPresent(problem -> {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "the repository '" + commonFolder + "' " + problem + ", which is not supported");
        });
    }

    /** Checks a remote that is a folder on this machine; there is none elsewhere, or it is asked otherwise. */
    static void checkRemote(Path remote) throws IOException {
        File folder = FileKey.resolve(remote.toFile(), InertFileSystem.INSTANCE);
        if (folder == null) {
            return;
        }
        Config config = read(new File(InertFileSystem.INSTANCE.getCommonDir(folder), "config"));
        if (!isSha1(config)) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED, "the repository '" + remote + "' has SHA-256 ids, which is not supported");
        }
    }

    private static Config read(File file) throws IOException {
        FileBasedConfig config = new FileBasedConfig(file, InertFileSystem.INSTANCE);
        try {
            config.load();
        } catch (ConfigInvalidException e) {
            throw new IOException("'" + file + "' is not a git configuration: " + e.getMessage(), e);
        }
        return config;
    }

    private static Optional<String> problemOf(Config config) {
        if (!isSha1(config)) {
            return Optional.of("has SHA-256 ids");
        }
        String refs = config.getString(EXTENSIONS, null, "refStorage");
        if (refs != null && !"files".equalsIgnoreCase(refs)) {
            return Optional.of("keeps its refs as '" + refs + "'");
        }
        boolean promisor = config.getSubsections("remote").stream()
                .anyMatch(remote -> config.getBoolean("remote", remote, "promisor", false)
                        || config.getString("remote", remote, "partialclonefilter") != null);
        if (promisor || config.getString(EXTENSIONS, null, "partialClone") != null) {
            return Optional.of("is a partial clone");
        }
        int version = config.getInt("core", null, "repositoryformatversion", 0);
        if (version > 1) {
            return Optional.of("has format version " + version);
        }
        return config.getNames(EXTENSIONS).stream()
                .filter(name -> version == 1 && !HARMLESS.contains(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .map(name -> "has the extension '" + name + "'");
    }

    private static boolean isSha1(Config config) {
        String format = config.getString(EXTENSIONS, null, "objectFormat");
        return format == null || "sha1".equalsIgnoreCase(format);
    }
}

package dev.angee.registry;

import dev.angee.InvalidInputException;
import dev.angee.internal.ShownAddress;
import dev.angee.source.GitUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Repositories on this host: whoever names one makes this program read there, so the host says where. */
final class LocalRepositories {
    private static final String SCHEME = "file://";

    private LocalRepositories() {}

    /** Refuses a repository of this host that is below none of the folders, links followed; others are none of its business. */
    static void requireAllowed(GitUrl url, List<Path> folders) {
        String text = url.value();
        boolean isUrl = text.toLowerCase(Locale.ROOT).startsWith(SCHEME);
        if (!isUrl && !text.startsWith("/")) {
            return;
        }
        String path = isUrl ? text.substring(SCHEME.length()) : text;
        if (!path.startsWith("/")
                || path.contains("%")
                || folders.stream().noneMatch(folder -> isBelow(path, folder))) {
            throw new InvalidInputException(
                    "template",
                    "'" + ShownAddress.of(text)
                            + "' is on this host, where no repository may be named but those it allows");
        }
    }

    private static boolean isBelow(String path, Path folder) {
        try {
            return Path.of(path).toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false; // Not there is not allowed: nobody learns which it is.
        }
    }
}

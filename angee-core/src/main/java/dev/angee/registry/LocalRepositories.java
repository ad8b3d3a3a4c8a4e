package dev.angee.registry;

import dev.angee.InvalidInputException;
import dev.angee.internal.ShownAddress;
import dev.angee.source.GitUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

    /**
     * Also of what is not there any more, for it may have been fetched: then all that is left of the way to it has to be below. What
     * is elsewhere is not allowed whether it is there or not, so that nobody learns which it is.
     */
    private static boolean isBelow(String path, Path folder) {
        Optional<Path> real = real(Path.of(path));
        return real.isPresent() && real(folder).filter(real.get()::startsWith).isPresent();
    }

    /** With all links followed as far as something is there; empty if something else than a folder is in the way. */
    private static Optional<Path> real(Path path) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                return Optional.of(path.toRealPath());
            } catch (IOException e) {
                return Optional.empty(); // such as a link to nothing
            }
        }
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null
                || name == null
                || name.toString().equals("..")
                || name.toString().equals(".")) {
            return Optional.empty();
        }
        return real(parent)
                .filter(above -> Files.isDirectory(above) || Files.notExists(above))
                .map(above -> above.resolve(name));
    }
}

package dev.angee.template;

import dev.angee.internal.NearestFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Who a folder belongs to. */
final class FolderOwner {
    private static final String USER = "unix:uid";
    private static final Object ADMINISTRATOR = 0;

    private FolderOwner() {}

    /**
     * Whether a folder belongs to whoever the other belongs to, or to the administrator: others could put anything there.
     *
     * @param like need not exist: then it is the nearest folder above it that does
     */
    static boolean isTrusted(Path folder, Path like) {
        try {
            Set<Object> trusted = Set.copyOf(List.of(ADMINISTRATOR, Files.getAttribute(NearestFolder.of(like), USER)));
            return trusted.contains(Files.getAttribute(folder, USER))
                    && trusted.contains(Files.getAttribute(folder, USER, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw TemplateFolder.unreadable(folder, e);
        }
    }
}

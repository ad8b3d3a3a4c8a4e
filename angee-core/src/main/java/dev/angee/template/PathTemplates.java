package dev.angee.template;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Templates by the absolute path of their folder, for a host that lets its callers name folders of its own. Lists none.
 * Thread-safe.
 */
public final class PathTemplates extends FolderTemplates {
    private final Path below;

    /**
     * Those below a folder.
     *
     * @param below no template outside of it is found, by links neither
     */
    public PathTemplates(Path below) {
        this.below = below.toAbsolutePath().normalize();
    }

    @Override
    public List<String> list() {
        return List.of();
    }

    @Override
    Optional<TemplateFolder> folder(String ref, String file) {
        return isAllowed(ref) ? TemplateFolder.find(below, ref, file) : Optional.empty();
    }

    @Override
    public Optional<String> hint(String ref) {
        return super.hint(ref)
                .or(() -> isAllowed(ref)
                        ? Optional.of("no folder of this name below " + below + " has a " + TemplateMetadata.FILE_NAME)
                        : Optional.empty());
    }

    private boolean isAllowed(String ref) {
        if (!ref.startsWith("/") || ref.indexOf('\0') >= 0) {
            return false;
        }
        Path path = Path.of(ref);
        return path.equals(path.normalize()) && isBelow(path);
    }

    /** By its name alone, so that nobody learns what is elsewhere on this host. */
    private boolean isBelow(Path path) {
        return path.startsWith(below)
                || TemplateFolder.real(below).filter(path::startsWith).isPresent();
    }
}

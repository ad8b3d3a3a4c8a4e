package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Templates by the absolute path of their folder, for a host that lets its callers name folders of its own. Lists none.
 * Thread-safe.
 */
public final class PathTemplates implements TemplateLibrary {
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
    public Optional<TemplateFiles> find(String ref) {
        return folder(ref).map(found -> found.files(ref));
    }

    @Override
    public List<TemplateFile> shared(TemplateFiles template, String root) {
        return folder(template.ref())
                .map(found -> found.shared(template.ref(), root))
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNAVAILABLE, "template '" + template.ref() + "' was removed this moment"));
    }

    private Optional<TemplateFolder> folder(String ref) {
        if (!ref.startsWith("/") || ref.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Path path = Path.of(ref);
        return path.equals(path.normalize()) && isBelow(path) ? TemplateFolder.find(below, ref) : Optional.empty();
    }

    /** By its name alone, so that nobody learns what is elsewhere on this host. */
    private boolean isBelow(Path path) {
        return path.startsWith(below)
                || TemplateFolder.real(below).filter(path::startsWith).isPresent();
    }
}

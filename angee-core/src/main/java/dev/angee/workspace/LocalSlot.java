package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A local source in a workspace: a relative link to where it is.
 *
 * @param name the slot's name
 * @param source the source that fills it
 * @param place the absolute path of the link
 * @param target the absolute path of the source
 */
record LocalSlot(String name, String source, Path place, Path target) {

    void requireTarget() {
        if (!Files.exists(target)) {
            throw new NotFoundException(
                    "source", source, "slot '" + name + "' would lead to " + target + ", where nothing is");
        }
    }

    /** Relative, so that the root can be moved together with what lies beside it. */
    void link() {
        try {
            Path folder = Files.createDirectories(place.resolveSibling(".")).toRealPath();
            Path parent = target.getParent();
            Path end = parent == null ? target : parent.toRealPath().resolve(target.getFileName());
            Files.createSymbolicLink(place, folder.relativize(end));
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot make the link " + place + " to " + target + ": " + e, e);
        }
    }

    WorkspaceRecord.LinkRecord toRecord() {
        return new WorkspaceRecord.LinkRecord(name, source, place.toString());
    }
}

package dev.angee.internal;

import dev.angee.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a folder is, or would be made. */
public final class NearestFolder {
    private NearestFolder() {}

    /** A folder, or the nearest one above it that is there. */
    public static Path of(Path folder) {
        Path nearest = folder;
        while (!Files.isDirectory(nearest) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return nearest;
    }

    /**
     * Refuses a path that is a file, or leads through one: nothing can be made there.
     *
     * @param field what the path was given as
     * @throws InvalidInputException naming the file
     */
    public static void requireNoFile(String field, Path folder) {
        for (Path each = folder; each != null; each = each.getParent()) {
            if (Files.exists(each)) {
                if (!Files.isDirectory(each)) {
                    throw new InvalidInputException(
                            field, each + " is a file, and no folder; name a folder, or a path where one can be made");
                }
                return;
            }
        }
    }
}

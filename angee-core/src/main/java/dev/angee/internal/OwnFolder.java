package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders of this user, which nobody else looks into. */
public final class OwnFolder {
    private OwnFolder() {}

    /** Makes a folder, and those above it that are missing, for this user alone; one that is there stays as it is. */
    public static void make(Path folder) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make the folder " + folder + ": " + e, e);
        }
    }
}

package dev.angee.mount;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Data of a persist entry that lies where an older operator, or another {@code persist.anchor}, put it, while there is
 * nothing where it is looked for now.
 *
 * @param name the entry
 * @param chosen the absolute folder where it is looked for
 * @param found the absolute path where data lies
 */
public record MisplacedData(String name, Path chosen, Path found) {

    /** What is wrong, and the three ways out. */
    public String reason() {
        return "its folder is " + chosen + ", which does not exist, but there is data at " + found
                + "; move that data to " + chosen + ", or set persist.anchor to the folder it is meant to lie below, or"
                + " make the empty folder " + chosen + " to begin anew";
    }

    /** Whether there is anything at a path but an empty folder. */
    static boolean holdsData(Path path) {
        if (!Files.isDirectory(path)) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        }
        try (var entries = Files.newDirectoryStream(path)) {
            return entries.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return true; // not for us to look into, so not ours to pass by
        }
    }
}

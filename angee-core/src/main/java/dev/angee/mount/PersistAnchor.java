package dev.angee.mount;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folder below which persist folders lie: the parent of a root called {@code .angee}, any other root itself, or what
 * {@code persist.anchor} says. An older operator took the parent always, so data may lie at the other place: that is
 * found, and never passed by in silence.
 *
 * @param path the absolute folder; need not exist
 * @param other the absolute folder where data could lie instead
 */
public record PersistAnchor(Path path, Path other) {
    private static final String CONTROL_FOLDER = ".angee";

    /** Refuses relative folders. */
    public PersistAnchor {
        if (!path.isAbsolute() || !other.isAbsolute()) {
            throw new IllegalArgumentException("an anchor is absolute: " + path + ", " + other);
        }
    }

    /**
     * The anchor of a root. Pure.
     *
     * @param root the absolute root
     * @param declared what {@code persist.anchor} says: relative to the root, or absolute
     * @throws InvalidInputException if that is no path
     */
    public static PersistAnchor of(Path root, Optional<String> declared) {
        Path own = root.normalize();
        if (!own.isAbsolute()) {
            throw new IllegalArgumentException("a root is absolute: " + root);
        }
        Path parent = Optional.ofNullable(own.getParent()).orElse(own);
        boolean control = own.endsWith(CONTROL_FOLDER);
        Path standard = control ? parent : own;
        Path chosen =
                declared.map(text -> own.resolve(anchor(text)).normalize()).orElse(standard);
        if (chosen.equals(standard) && declared.isPresent()) {
            return new PersistAnchor(standard, standard); // somebody has decided: nothing else is looked for
        }
        return chosen.equals(standard)
                ? new PersistAnchor(standard, control ? own : parent)
                : new PersistAnchor(chosen, standard);
    }

    /**
     * The folder of one entry. Looks at the file system, and changes nothing.
     *
     * @param name the entry's name, for messages
     * @param subpath its path below the anchor
     * @return the absolute folder, which need not exist; empty if the entry has no subpath, and so no folder
     * @throws AngeeException {@code INVALID} if the subpath is absolute, is the anchor itself, leads out of it by
     *     {@code ..} or a symbolic link, or is there but no folder
     */
    public Optional<Path> folder(String name, String subpath) {
        String text = subpath.strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Path folder = below(path, name, text);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    "persist." + name, folder + " is not a folder; move it away, or name another subpath");
        }
        return Optional.of(folder);
    }

    /**
     * The folders of all entries that have one, in name order.
     *
     * @param subpaths the subpath of each entry, by its name
     * @throws AngeeException as {@link #folder} does for the first that is wrong
     */
    public Map<String, Path> folders(Map<String, String> subpaths) {
        Map<String, Path> folders = new TreeMap<>();
        new TreeMap<>(subpaths)
                .forEach((name, subpath) -> folder(name, subpath).ifPresent(each -> folders.put(name, each)));
        return Collections.unmodifiableMap(folders);
    }

    /**
     * The entries whose data lies at the other anchor, while there is nothing at this one, in name order.
     *
     * @param subpaths the subpath of each entry, by its name
     * @throws AngeeException as {@link #folders}
     */
    public List<MisplacedData> misplaced(Map<String, String> subpaths) {
        List<MisplacedData> misplaced = new ArrayList<>();
        folders(subpaths).forEach((name, chosen) -> {
            Path found = other.resolve(path.relativize(chosen)).normalize();
            if (!Files.exists(chosen, LinkOption.NOFOLLOW_LINKS) && MisplacedData.holdsData(found)) {
                misplaced.add(new MisplacedData(name, chosen, found));
            }
        });
        return misplaced;
    }

    /**
     * Makes the folders that are missing, for all to enter (0755), with those that lead there. One that is there is kept
     * as it is. All or nothing: what was made is removed when it fails. Not for two threads at once; what another process
     * makes meanwhile is kept.
     *
     * @param subpaths the subpath of each entry, by its name
     * @return what was made, parents first; for {@link MadeFolders#undo} if a later step fails
     * @throws ConflictException if data lies at the other anchor
     * @throws AngeeException as {@link #folders}, and {@code INVALID} if a symbolic link stands below the anchor
     *     on the way, {@code UNAVAILABLE} if a folder cannot be made
     */
    public MadeFolders create(Map<String, String> subpaths) {
        Map<String, Path> folders = folders(subpaths);
        List<MisplacedData> misplaced = misplaced(subpaths);
        if (!misplaced.isEmpty()) {
            MisplacedData first = misplaced.get(0);
            throw new ConflictException("persist", first.name(), first.reason());
        }
        return MadeFolders.below(path, folders);
    }

    private static Path below(Path anchor, String name, String text) {
        try {
            Pieces.requirePlain(text);
            Path folder = Confinement.below(anchor, text);
            if (folder.equals(anchor)) {
                throw Pieces.refused("'" + text + "' is " + anchor + " itself; name a folder below it");
            }
            return folder;
        } catch (InvalidInputException e) {
            throw new InvalidInputException("persist." + name, "subpath '" + Pieces.shown(text) + "': " + e.reason());
        } catch (AngeeException e) {
            throw new AngeeException(e.code(), "persist." + name + ": " + e.getMessage(), e);
        }
    }

    private static Path anchor(String text) {
        try {
            return Confinement.path(Pieces.hostPath(text));
        } catch (InvalidInputException e) {
            throw new InvalidInputException("persist.anchor", "'" + Pieces.shown(text) + "': " + e.reason());
        }
    }
}

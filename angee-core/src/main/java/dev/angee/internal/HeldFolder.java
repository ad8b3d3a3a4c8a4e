package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is held open, so that what is written lands in it and nowhere else, even while somebody who may write there
 * too swaps folders for links. Only new files are written, under names that are not followed.
 *
 * <p>What remains: Java makes folders by their paths, so that whoever swaps a folder at that very moment may have an empty
 * one made elsewhere; it is then noticed, and nothing is put into it. And a pipe that takes a folder's place between the
 * look at it and its opening is waited for.
 */
public final class HeldFolder implements Closeable {
    private static final int ATTEMPTS = 20;

    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    private HeldFolder(Path path, SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /** A folder whose place nobody else chooses; links that lead to it are followed. */
    @SuppressWarnings("StreamResourceLeak") // Held, and closed with this.
    public static HeldFolder at(Path folder) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(folder);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new HeldFolder(folder, secure);
        }
        stream.close();
        throw new IOException("this platform cannot write safely into '" + folder + "'");
    }

    /** The folder of that name, if it is one and no link to one. */
    public HeldFolder child(String name) throws IOException {
        BasicFileAttributes found = attributes(name);
        if (found == null) {
            throw new NoSuchFileException(path.resolve(name).toString());
        }
        if (!found.isDirectory()) {
            throw odd(name, "is not a plain folder");
        }
        Path key = path.getFileSystem().getPath(name);
        return new HeldFolder(path.resolve(name), stream.newDirectoryStream(key, LinkOption.NOFOLLOW_LINKS));
    }

    /** The same, made if nothing is there. */
    public HeldFolder childOrNew(String name) throws IOException {
        if (attributes(name) == null) {
            try {
                Files.createDirectory(path.resolve(name));
            } catch (FileAlreadyExistsException e) {
                return child(name); // Somebody was faster; with what, is looked at.
            }
        }
        return child(name);
    }

    /** Writes a file that must not be there yet. */
    public void create(String name, String text) throws IOException {
        create(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with any content. */
    public void create(String name, byte[] content) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel =
                stream.newByteChannel(path.getFileSystem().getPath(name), options)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    /** The same with these permissions, whatever the process gives to new files; once it is there it stays if the machine stops. */
    public void createDurably(String name, byte[] content, Set<PosixFilePermission> mode) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel = stream.newByteChannel(
                path.getFileSystem().getPath(name), options, PosixFilePermissions.asFileAttribute(mode))) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            PosixFileAttributeView view = posix(name);
            if (!view.readAttributes().permissions().equals(mode)) {
                view.setPermissions(mode);
            }
            ((FileChannel) channel).force(true);
        }
    }

    /**
     * Makes a folder that must not be there yet.
     *
     * @param workshop a folder that is ours alone, where it is made first: on the file store of this one, nobody can have it
     *     made elsewhere by swapping folders
     */
    public void createFolder(String name, HeldFolder workshop) throws IOException {
        requireNothing(name);
        Files.createDirectory(workshop.path.resolve(name));
        if (!moveIn(name, workshop)) {
            Files.createDirectory(path.resolve(name));
            requireMade(name);
        }
    }

    /** Makes a link that must not be there yet, in the same way. */
    public void createLink(String name, String target, HeldFolder workshop) throws IOException {
        requireNothing(name);
        Path leadsTo = path.getFileSystem().getPath(target);
        Files.createSymbolicLink(workshop.path.resolve(name), leadsTo);
        if (!moveIn(name, workshop)) {
            Files.createSymbolicLink(path.resolve(name), leadsTo);
            requireMade(name);
        }
    }

    private void requireNothing(String name) throws IOException {
        if (has(name)) {
            throw new FileAlreadyExistsException(path.resolve(name).toString());
        }
    }

    private boolean moveIn(String name, HeldFolder workshop) throws IOException {
        try {
            workshop.move(name, this, name);
            return true;
        } catch (AtomicMoveNotSupportedException e) {
            workshop.remove(name); // this folder is on another file store
            return false;
        }
    }

    private void requireMade(String name) throws IOException {
        if (!has(name)) {
            throw odd(name, "was made elsewhere, because another folder stands in this one's place");
        }
    }

    /** Sets when a file of it was last changed. */
    public void date(String name, FileTime time) throws IOException {
        stream.getFileAttributeView(
                        path.getFileSystem().getPath(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(time, null, null);
    }

    /** The names of what is in it, but never more than so many; to be asked once. */
    public List<String> names(int most) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path child : stream) {
            if (names.size() == most) {
                throw odd(child.getFileName().toString(), "is one of too many");
            }
            names.add(child.getFileName().toString());
        }
        return names;
    }

    public boolean isFolder(String name) throws IOException {
        BasicFileAttributes found = attributes(name);
        return found != null && found.isDirectory();
    }

    /**
     * Gives a plain file of it a second name in a folder that is ours alone, where it can be opened: what is there can no
     * more be swapped for a link or a pipe. Links are not followed, and what came by a folder that was swapped for one is
     * told from what is here by what the file is, not by its name.
     *
     * @return false if there is no such file
     */
    public boolean pin(String name, Path target) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createLink(target, path.resolve(name));
            } catch (NoSuchFileException e) {
                return false;
            } catch (FileSystemException e) {
                throw isFolder(name) ? odd(name, "is not a plain file") : notOurs(name, e);
            }
            BasicFileAttributes pinned =
                    Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            BasicFileAttributes here = attributes(name);
            Object key = pinned.fileKey();
            boolean same = key != null && here != null && key.equals(here.fileKey());
            if (same && pinned.isRegularFile()) {
                return true;
            }
            Files.delete(target);
            if (same) {
                throw odd(name, "is not a plain file");
            }
            if (attempt == ATTEMPTS) {
                throw odd(name, "is another file each time that it is looked at");
            }
        }
    }

    /**
     * Gives a file or link of it a second name, in a folder that is ours alone; a link is not followed. It is found by its
     * path; that it was the one that is here is told by what it is.
     *
     * @return false if there can be no such name, since the file store has none, say, or the file belongs to somebody else;
     *     or if it is another by then
     */
    public boolean link(String name, HeldFolder workshop, String second) throws IOException {
        Path target = workshop.path.resolve(second);
        workshop.removeFile(second);
        try {
            Files.createLink(target, path.resolve(name));
            Object key = keyOf(target);
            if (look(name).filter(here -> key.equals(here.fileKey())).isPresent()) {
                return true;
            }
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Why not, makes no difference to whoever can do without.
        }
        workshop.removeFile(second);
        return false;
    }

    /** Whether both are names of one file that is here. */
    public boolean isSame(String name, String other) throws IOException {
        Optional<Object> one = look(name).map(BasicFileAttributes::fileKey);
        return one.isPresent() && one.equals(look(other).map(BasicFileAttributes::fileKey));
    }

    /** Puts a file there, in place of whatever is there; a link is replaced, not followed. */
    public void replace(String name, String text) throws IOException {
        String draft = name + ".angee";
        remove(draft);
        create(draft, text);
        move(draft, this, name);
    }

    /** The same; once it is there it is whole, and stays if the machine stops. */
    public void replaceDurably(String name, String text) throws IOException {
        String draft = name + ".angee";
        remove(draft);
        create(draft, text);
        try (FileChannel written = lockFile(draft)) {
            written.force(true);
        }
        move(draft, this, name);
    }

    /** Moves what has this name to another folder that is held. */
    public void move(String name, HeldFolder target, String newName) throws IOException {
        stream.move(
                path.getFileSystem().getPath(name),
                target.stream,
                path.getFileSystem().getPath(newName));
    }

    /** Removes what has this name, with all it holds; nothing happens if nothing is there. */
    public void remove(String name) throws IOException {
        FolderRemoval.in(stream, path.getFileSystem().getPath(name));
    }

    /** Opens a plain file to lock it; makes an empty one if nothing is there. */
    public FileChannel lockFile(String name) throws IOException {
        BasicFileAttributes found = attributes(name);
        if (found != null && !found.isRegularFile()) {
            throw odd(name, "is not a plain file");
        }
        SeekableByteChannel channel = stream.newByteChannel(
                path.getFileSystem().getPath(name),
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
        if (channel instanceof FileChannel file) {
            return file;
        }
        channel.close();
        throw new IOException("this platform cannot lock '" + path.resolve(name) + "'");
    }

    /** Opens a plain file to read it, if it is one. */
    public Optional<FileChannel> open(String name) throws IOException {
        BasicFileAttributes found = attributes(name);
        if (found == null || !found.isRegularFile()) {
            return Optional.empty();
        }
        SeekableByteChannel channel = stream.newByteChannel(
                path.getFileSystem().getPath(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        return Optional.of((FileChannel) channel);
    }

    /**
     * Where a link of it leads, as written; empty if there is no such link, or only by moments. Links can be read by their
     * paths alone; that it was the one that is here is told by what it is.
     */
    public Optional<String> readLink(String name) throws IOException {
        for (Path folder : ownPaths()) {
            Optional<PosixFileAttributes> before = look(name);
            if (before.isEmpty() || !before.get().isSymbolicLink()) {
                return Optional.empty();
            }
            try {
                Object key = keyOf(folder.resolve(name));
                String target = Files.readSymbolicLink(folder.resolve(name)).toString();
                Object after = look(name).map(BasicFileAttributes::fileKey).orElse(null);
                if (key.equals(before.get().fileKey()) && key.equals(after)) {
                    return Optional.of(target);
                }
            } catch (NotLinkException | NoSuchFileException | NotDirectoryException e) {
                // That path leads elsewhere by now.
            }
        }
        return Optional.empty();
    }

    /** The path, and what this process can call the folder by wherever it is moved, where the platform has such names. */
    private List<Path> ownPaths() throws IOException {
        List<Path> paths = new ArrayList<>(List.of(path));
        Path open = Path.of("/proc/self/fd");
        if (isHere() || !Files.isDirectory(open)) {
            return paths;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(open)) {
            for (Path each : all) {
                if (isThis(each)) {
                    paths.add(each);
                }
            }
        }
        return paths;
    }

    private boolean isHere() throws IOException {
        try {
            return keyOf(path).equals(key());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }

    private boolean isThis(Path folder) throws IOException {
        try {
            return key().equals(Files.readAttributes(folder, BasicFileAttributes.class)
                    .fileKey());
        } catch (FileSystemException e) {
            return false; // Closed by now, or nothing that can be looked at.
        }
    }

    private static Object keyOf(Path file) throws IOException {
        return key(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    private static Object key(BasicFileAttributes attributes) throws IOException {
        Object key = attributes.fileKey();
        if (key == null) {
            throw new IOException("this platform cannot tell one file from another");
        }
        return key;
    }

    /** What this folder is, wherever it stands by now; equal for the same folder only. */
    public Object key() throws IOException {
        return key(stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes());
    }

    /** What has this name, if something has; a link is not followed. */
    public Optional<PosixFileAttributes> look(String name) throws IOException {
        try {
            return Optional.of(posix(name).readAttributes());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private PosixFileAttributeView posix(String name) {
        return stream.getFileAttributeView(
                path.getFileSystem().getPath(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes what has this name if it is no folder; nothing happens if nothing is there. */
    public void removeFile(String name) throws IOException {
        try {
            stream.deleteFile(path.getFileSystem().getPath(name));
        } catch (NoSuchFileException e) {
            // Somebody else was faster.
        }
    }

    /** Removes a folder that has nothing in it; tells whether none of that name is left. */
    public boolean removeEmptyFolder(String name) throws IOException {
        try {
            stream.deleteDirectory(path.getFileSystem().getPath(name));
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (FileSystemException e) {
            if (isFolder(name)) {
                throw e;
            }
            return false;
        }
    }

    /** What was made, moved or removed in it stays so if the machine stops. */
    public void sync() throws IOException {
        try (SeekableByteChannel self =
                stream.newByteChannel(path.getFileSystem().getPath("."), Set.of(StandardOpenOption.READ))) {
            ((FileChannel) self).force(true);
        }
    }

    /** Whether something has this name. */
    public boolean has(String name) throws IOException {
        return attributes(name) != null;
    }

    private @Nullable BasicFileAttributes attributes(String name) throws IOException {
        try {
            return stream.getFileAttributeView(
                            path.getFileSystem().getPath(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** A second name of a file is for its owner alone to give. */
    private AngeeException notOurs(String name, FileSystemException cause) {
        return new AngeeException(
                ErrorCode.CONFLICT,
                "'" + path.resolve(name) + "' cannot be looked at safely (" + cause.getReason()
                        + "); it has to belong to the user of this process",
                cause);
    }

    private ConflictException odd(String name, String problem) {
        return new ConflictException("file", path.resolve(name).toString(), problem + "; remove what stands there");
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}

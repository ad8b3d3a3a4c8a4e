package dev.angee.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.Map;
import org.eclipse.jgit.util.FS;

/** What the file system says of a file at one moment, and JGit does not ask for: when it was last changed, and which it is. */
final class FileStat extends FS.Attributes {
    private static final String ASKED = "unix:mode,ino,size,ctime,lastModifiedTime";
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int LINK = 0120000;
    private static final int REGULAR = 0100000;
    private static final int EXECUTABLE = 0100;

    private final int mode;
    private final int inode;
    private final long size;
    private final Instant modified;
    private final Instant changed;

    private FileStat(File file, FS system, Map<String, Object> found) {
        super(file, system);
        this.mode = (int) FileStamp.number(found, "mode");
        this.inode = (int) FileStamp.number(found, "ino");
        this.size = FileStamp.number(found, "size");
        this.modified = FileStamp.time(found, "lastModifiedTime");
        this.changed = FileStamp.time(found, "ctime");
    }

    /** Of a file, or of a link itself; where the platform does not tell, what JGit would find; nothing if it is not there. */
    static FS.Attributes of(File file, FS system) {
        try {
            return new FileStat(file, system, Files.readAttributes(file.toPath(), ASKED, LinkOption.NOFOLLOW_LINKS));
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return system.getAttributes(file);
        } catch (IOException e) {
            return new FS.Attributes(file, system);
        }
    }

    /** When it, or what is known of it, was last changed: nobody can set that back. */
    Instant changed() {
        return changed;
    }

    /** The number of its inode, as far as an index notes it. */
    int inode() {
        return inode;
    }

    @Override
    public boolean isDirectory() {
        return (mode & TYPE) == FOLDER;
    }

    @Override
    public boolean isSymbolicLink() {
        return (mode & TYPE) == LINK;
    }

    @Override
    public boolean isRegularFile() {
        return (mode & TYPE) == REGULAR;
    }

    @Override
    public boolean isExecutable() {
        return (mode & EXECUTABLE) != 0;
    }

    @Override
    public Instant getLastModifiedInstant() {
        return modified;
    }

    @Override
    public long getLength() {
        return size;
    }
}

package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.FetchProgress;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ObjectStream;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PackParser;
import org.eclipse.jgit.util.NB;

/**
 * A repository of ours for objects from somebody whom we do not trust. What comes in is read from its beginning to its end,
 * is called what its content says, and is what git would have made; no index and no delta of a foreign pack is gone by. It
 * borrows the objects of a cache, and from here whole commits are brought there.
 */
final class Quarantine implements AutoCloseable {
    /** The largest object within a pack: all of a chain of deltas may have to be in memory at once. */
    private static final long LARGEST_PACKED = 32L * 1024 * 1024;

    /** More than anybody makes in a clone that borrows what the cache has. */
    private static final long MOST_PACKED = 1_000_000;

    private static final long LARGEST_BLOB = 4L * 1024 * 1024 * 1024;
    private static final int LARGEST_OTHER = 64 * 1024 * 1024;
    private static final int LONGEST_HEADER = 32;
    private static final int PACK_HEADER = 12;
    private static final int COUNT_AT = 8;
    private static final int SMALLEST_ENTRY = 8;

    private final Repository repository;
    private final ObjectReader reader;
    private final ObjectInserter inserter;
    private final ObjectChecker checker =
            new ObjectChecker().setAllowLeadingZeroFileMode(true).setAllowInvalidPersonIdent(true);

    private Quarantine(Path folder, Path lent) throws IOException {
        this.repository = new FileRepositoryBuilder()
                .setFS(InertFileSystem.WITHOUT_CONFIGURATION)
                .setGitDir(folder.toFile())
                .setBare()
                .addAlternateObjectDirectory(lent.toFile())
                .build();
        this.reader = repository.newObjectReader();
        this.inserter = repository.newObjectInserter();
    }

    /** Makes one in a folder that is ours alone, beside a cache that was looked at. */
    static Quarantine in(Path scratch, Path cache) throws IOException {
        Path folder = Files.createDirectory(scratch.resolve("quarantine"));
        Files.createDirectories(folder.resolve("objects").resolve("pack"));
        Files.createDirectories(folder.resolve("objects").resolve("info"));
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve(Constants.HEAD), "ref: refs/heads/(none)\n");
        Path shallow = cache.resolve("shallow");
        if (Files.isRegularFile(shallow, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(shallow, folder.resolve("shallow"), LinkOption.NOFOLLOW_LINKS);
        }
        // By a way on which JGit takes it for mere objects: a repository it would keep open for everybody in this JVM.
        Path lent = Files.createDirectory(folder.resolve("lent")).resolve("objects");
        Files.createSymbolicLink(lent, cache.resolve("objects"));
        return new Quarantine(folder, lent);
    }

    Repository repository() {
        return repository;
    }

    boolean has(ObjectId id) throws IOException {
        return reader.has(id);
    }

    /** Takes in the object that a file holds, which has to be the one of this name. */
    void loose(ObjectId name, Path file) throws IOException {
        try (InputStream in = new InflaterInputStream(
                new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)))) {
            String[] header = header(in).split(" ", -1);
            if (header.length != 2 || !header[1].matches("[0-9]{1,18}")) {
                throw invalid(name.name(), "has no header");
            }
            insert(name, type(name, header[0]), Long.parseLong(header[1]), in);
        } catch (ZipException | CorruptObjectException | EOFException e) {
            throw invalid(name.name(), "is broken (" + e.getMessage() + ")");
        }
    }

    private static String header(InputStream in) throws IOException {
        StringBuilder header = new StringBuilder();
        for (int c = in.read(); c > 0 && header.length() < LONGEST_HEADER; c = in.read()) {
            header.append((char) c);
        }
        return header.toString();
    }

    private static int type(ObjectId name, String word) {
        return switch (word) {
            case Constants.TYPE_COMMIT -> Constants.OBJ_COMMIT;
            case Constants.TYPE_TREE -> Constants.OBJ_TREE;
            case Constants.TYPE_BLOB -> Constants.OBJ_BLOB;
            case Constants.TYPE_TAG -> Constants.OBJ_TAG;
            default -> throw invalid(name.name(), "is of no known type");
        };
    }

    private void insert(ObjectId name, int type, long size, InputStream in) throws IOException {
        if (size > (type == Constants.OBJ_BLOB ? LARGEST_BLOB : LARGEST_OTHER)) {
            throw invalid(name.name(), "is too large");
        }
        ObjectId made;
        if (type == Constants.OBJ_BLOB) {
            made = inserter.insert(type, size, in);
        } else {
            byte[] content = in.readNBytes((int) size);
            if (content.length < size) {
                throw invalid(name.name(), "is shorter than it says");
            }
            checker.check(name, type, content);
            made = inserter.insert(type, content);
        }
        if (!made.equals(name) || in.read() >= 0) {
            throw invalid(name.name(), "is not what its name says");
        }
        inserter.flush();
    }

    /** Takes in all that a pack holds. */
    void pack(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            byte[] header = in.readNBytes(PACK_HEADER);
            // JGit makes room for as many objects as a pack says it has; and a file may well have no end to its size.
            long most = Math.min(MOST_PACKED, Files.size(file) / SMALLEST_ENTRY);
            if (header.length < PACK_HEADER || NB.decodeUInt32(header, COUNT_AT) > most) {
                throw invalid("a pack", "does not hold what it says, or more than " + MOST_PACKED + " objects");
            }
            parse(new SequenceInputStream(new ByteArrayInputStream(header), in));
        }
    }

    private void parse(InputStream in) throws IOException {
        PackParser parser = inserter.newPackParser(in);
        parser.setObjectChecker(checker);
        parser.setAllowThin(false);
        parser.setCheckEofAfterPackFooter(true);
        parser.setMaxObjectSizeLimit(LARGEST_PACKED);
        try {
            parser.parse(new ProgressBridge(FetchProgress.none()));
            inserter.flush();
        } catch (OutOfMemoryError e) {
            throw invalid("a pack", "takes more memory than there is");
        } catch (FileSystemException e) {
            throw e; // Of our own files.
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            throw invalid("a pack", "is not what git makes (" + e.getMessage() + ")");
        }
    }

    /** Brings a commit with all that belongs to it into the cache, beside what its branches have. */
    void bring(ObjectId commit, Repository cache) throws IOException {
        List<ObjectId> missing = new ArrayList<>();
        try (ObjectWalk walk = new ObjectWalk(reader);
                ObjectReader there = cache.newObjectReader()) {
            walk.markStart(walk.parseCommit(commit));
            for (Ref ref : cache.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_REMOTES)) {
                if (ref.getObjectId() != null && there.has(ref.getObjectId())) {
                    walk.markUninteresting(walk.parseAny(ref.getObjectId()));
                }
            }
            for (RevCommit each = walk.next(); each != null; each = walk.next()) {
                note(each, there, missing);
            }
            for (RevObject each = walk.nextObject(); each != null; each = walk.nextObject()) {
                note(each, there, missing);
            }
        } catch (MissingObjectException e) {
            throw invalid(e.getObjectId().name(), "is missing");
        } catch (IncorrectObjectTypeException e) {
            throw invalid("something", "is not of the type that it is used as (" + e.getMessage() + ")");
        }
        copy(missing, cache);
    }

    /** What a tree calls a file, the walk itself does not look at, whether it is here or in the cache. */
    private void note(RevObject object, ObjectReader there, List<ObjectId> missing) throws IOException {
        ObjectLoader unused = reader.open(object, object.getType());
        if (!there.has(object)) {
            missing.add(object.copy());
        }
    }

    /** What is needed comes before what needs it, so that an end in the middle leaves nothing that is not whole. */
    private void copy(List<ObjectId> objects, Repository cache) throws IOException {
        try (ObjectInserter into = cache.newObjectInserter()) {
            for (int i = objects.size() - 1; i >= 0; i--) {
                ObjectLoader loader = reader.open(objects.get(i));
                try (ObjectStream in = loader.openStream()) {
                    into.insert(loader.getType(), loader.getSize(), in);
                }
            }
            into.flush();
        }
    }

    static AngeeException invalid(String what, String problem) {
        return new AngeeException(
                ErrorCode.INVALID,
                "the clone holds what git would not have put there: " + what + " " + problem
                        + "; see to it there, or discard the clone");
    }

    @Override
    public void close() {
        inserter.close();
        reader.close();
        repository.close();
    }
}

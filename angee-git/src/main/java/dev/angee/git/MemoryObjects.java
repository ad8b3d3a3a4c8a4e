package dev.angee.git;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.ObjectStream;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PackParser;

/** New objects that are kept in memory, in front of a repository's own, until somebody wants them to be written. */
final class MemoryObjects extends ObjectInserter {
    /** The largest blob whose content is kept; of larger ones, only the id is. */
    static final int LARGEST = 16 * 1024 * 1024;

    private static final long MOST = 256L * 1024 * 1024;

    private final Repository repository;
    private final Map<ObjectId, ObjectLoader> objects = new LinkedHashMap<>();
    private long held;

    MemoryObjects(Repository repository) {
        this.repository = repository;
    }

    @Override
    public ObjectId insert(int type, byte[] data, int offset, int length) {
        byte[] content = java.util.Arrays.copyOfRange(data, offset, offset + length);
        ObjectId id = idFor(type, content);
        held += length;
        objects.putIfAbsent(id, new ObjectLoader.SmallObject(type, content));
        return id;
    }

    @Override
    public ObjectId insert(int type, long length, InputStream in) throws IOException {
        if (length > LARGEST || held + length > MOST) {
            if (type != Constants.OBJ_BLOB) {
                throw new LargeObjectException.ExceedsLimit(LARGEST, length);
            }
            ObjectId id = idFor(type, length, in);
            objects.putIfAbsent(id, new TooLarge(length));
            return id;
        }
        byte[] content = in.readNBytes((int) length);
        if (content.length < length) {
            throw new IOException("a file became shorter while it was read; try again");
        }
        return insert(type, content, 0, content.length);
    }

    /** Writes all that is kept into the repository. */
    void write() throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            for (ObjectLoader object : objects.values()) {
                inserter.insert(object.getType(), object.getCachedBytes());
            }
            inserter.flush();
        }
    }

    @Override
    public PackParser newPackParser(InputStream in) {
        throw new UnsupportedOperationException("nothing is fetched into memory");
    }

    @Override
    public ObjectReader newReader() {
        return new Reader(repository.newObjectReader());
    }

    @Override
    public void flush() {
        // Only write() writes.
    }

    @Override
    public void close() {
        // Mergers close what they were given; the objects are wanted for longer.
    }

    /** Reads what is kept, and else what the repository has. */
    private final class Reader extends ObjectReader {
        private final ObjectReader behind;

        Reader(ObjectReader behind) {
            this.behind = behind;
        }

        @Override
        public ObjectReader newReader() {
            return new Reader(behind.newReader());
        }

        @Override
        public Collection<ObjectId> resolve(AbbreviatedObjectId id) throws IOException {
            return behind.resolve(id);
        }

        @Override
        public ObjectLoader open(AnyObjectId id, int type) throws IOException {
            ObjectLoader kept = objects.get(id.toObjectId());
            if (kept == null) {
                return behind.open(id, type);
            }
            if (type != OBJ_ANY && type != kept.getType()) {
                throw new IncorrectObjectTypeException(id.toObjectId(), type);
            }
            return kept;
        }

        @Override
        public Set<ObjectId> getShallowCommits() throws IOException {
            return behind.getShallowCommits();
        }

        @Override
        public void close() {
            behind.close();
        }
    }

    /** A blob of which only the size is known. */
    private static final class TooLarge extends ObjectLoader {
        private final long size;

        TooLarge(long size) {
            this.size = Math.max(size, LARGEST + 1L);
        }

        @Override
        public int getType() {
            return Constants.OBJ_BLOB;
        }

        @Override
        public long getSize() {
            return size;
        }

        @Override
        public boolean isLarge() {
            return true;
        }

        @Override
        public byte[] getCachedBytes() {
            throw new LargeObjectException.ExceedsLimit(LARGEST, size);
        }

        @Override
        public ObjectStream openStream() {
            throw new LargeObjectException.ExceedsLimit(LARGEST, size);
        }
    }
}

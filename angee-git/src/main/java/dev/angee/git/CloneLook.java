package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.HeldFolder;
import dev.angee.source.BranchName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A look into a clone that somebody else may be changing at this moment, in whatever way. Folders are gone down into by
 * holding them open, files are pinned in a folder of ours before they are opened, and none is read beyond what git would
 * have put there.
 */
final class CloneLook implements AutoCloseable {
    private static final int LARGEST_REF = 4096;
    private static final int LARGEST_PACKED = 16 * 1024 * 1024;
    private static final int LARGEST_CONFIG = 1024 * 1024;
    private static final int MOST_NAMES = 1_000_000;

    /** Of refs that are files, with their folders: each is opened while others wait. */
    private static final int MOST_REFS = 20_000;

    private static final String SHALLOW = "shallow";
    private static final int DEEPEST = 64;
    private static final int ID = Constants.OBJECT_ID_STRING_LENGTH;
    private static final int FAN_OUT = 2;
    private static final List<String> UNFINISHED =
            List.of("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG");

    private final PrivateFolder scratch;
    private final CloneFolder clone;
    private int pins;
    private int looked;
    private int lookedAtRefs;

    private CloneLook(CloneFolder clone) throws IOException {
        this.clone = clone;
        this.scratch = PrivateFolder.makeIn(clone.folder());
    }

    static CloneLook into(CloneFolder clone) throws IOException {
        CloneLook look = new CloneLook(clone);
        look.scratch.sweepBeside(PrivateFolder.FRESH);
        return look;
    }

    /** Holds the repository open; whatever stands in the way of that, somebody has put there. */
    HeldFolder hold() throws IOException {
        try (HeldFolder ours = HeldFolder.at(clone.folder())) {
            return ours.child(CloneFolder.REPOSITORY);
        }
    }

    /** The branch that it is on, by its full name; empty when detached. */
    Optional<String> branch() throws IOException {
        String head = text(List.of(Constants.HEAD), LARGEST_REF).orElse("").strip();
        if (ObjectId.isId(head)) {
            return Optional.empty();
        }
        if (head.startsWith("ref: ")) {
            return Optional.of(head.substring("ref: ".length()));
        }
        throw invalid(Constants.HEAD, "is not what git writes there");
    }

    /** Whether a merge, a rebase or the like was begun there. */
    boolean isUnfinished() throws IOException {
        try (HeldFolder git = hold()) {
            for (String name : UNFINISHED) {
                if (git.has(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The commit of a branch, which must not be a symbolic one. */
    Optional<ObjectId> tip(BranchName branch) throws IOException {
        Optional<String> loose = text(List.of(branch.fullName().split("/")), LARGEST_REF);
        if (loose.isPresent()) {
            return Optional.of(id(branch.fullName(), loose.get()));
        }
        return Optional.ofNullable(packed().get(branch.fullName()));
    }

    /**
     * All refs, and a detached head; of symbolic ones, those that they lead to.
     *
     * @throws AngeeException if they are kept in a way that we cannot read
     */
    Map<String, ObjectId> refs() throws IOException {
        requireRefsInFiles();
        Map<String, ObjectId> refs = new TreeMap<>();
        try (HeldFolder folder = descend(List.of("refs")).orElse(null)) {
            if (folder != null) {
                loose(folder, "refs/", 1, refs);
            }
        }
        packed().forEach(refs::putIfAbsent); // After the loose ones, as git reads them: it packs before it removes.
        String head = text(List.of(Constants.HEAD), LARGEST_REF).orElse("").strip();
        if (ObjectId.isId(head)) {
            refs.put(Constants.HEAD, ObjectId.fromString(head));
        }
        return refs;
    }

    private void requireRefsInFiles() throws IOException {
        boolean elsewhere = text(List.of("config"), LARGEST_CONFIG)
                .filter(text -> text.toLowerCase(Locale.ROOT).contains("refstorage"))
                .isPresent();
        try (HeldFolder git = hold()) {
            if (elsewhere || git.has("reftable")) {
                throw new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "the clone '" + clone.repository()
                                + "' has its refs in a reftable, which is not read here; have"
                                + " them moved to files there (git refs migrate --ref-format=files)");
            }
        }
    }

    private void loose(HeldFolder folder, String prefix, int depth, Map<String, ObjectId> refs) throws IOException {
        if (depth > DEEPEST) {
            throw invalid(prefix, "is deeper than any branch");
        }
        for (String name : looseNames(folder)) {
            try (HeldFolder child = folder.isFolder(name) ? child(folder, name).orElse(null) : null) {
                if (child != null) {
                    loose(child, prefix + name + "/", depth + 1, refs);
                } else if (!name.endsWith(".lock")) {
                    Optional<String> text = text(folder, name, LARGEST_REF);
                    if (text.isPresent() && !text.get().startsWith("ref: ")) {
                        refs.put(prefix + name, id(prefix + name, text.get()));
                    }
                }
            }
        }
    }

    private List<String> looseNames(HeldFolder folder) throws IOException {
        try {
            List<String> names = folder.names(MOST_REFS - lookedAtRefs);
            lookedAtRefs += names.size();
            return names;
        } catch (ConflictException e) {
            throw tampered(e);
        }
    }

    private static Optional<HeldFolder> child(HeldFolder folder, String name) throws IOException {
        try {
            return Optional.of(folder.child(name));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // Gone, with the last branch in it.
        } catch (ConflictException e) {
            throw tampered(e);
        }
    }

    /** The commits in which its history ends. */
    Set<ObjectId> shallow() throws IOException {
        Set<ObjectId> ends = new TreeSet<>();
        text(List.of(SHALLOW), LARGEST_PACKED).orElse("").lines().forEach(line -> ends.add(id(SHALLOW, line)));
        return ends;
    }

    /** Whether a small file of a folder in it says exactly this. */
    boolean says(HeldFolder folder, String name, String said) throws IOException {
        return text(folder, name, LARGEST_PACKED).equals(Optional.of(said));
    }

    /** What its list of packed refs says. */
    Map<String, ObjectId> packed() throws IOException {
        Map<String, ObjectId> packed = new TreeMap<>();
        text(List.of("packed-refs"), LARGEST_PACKED).orElse("").lines().forEach(line -> {
            if (line.length() > ID + 1 && line.charAt(ID) == ' ' && ObjectId.isId(line.substring(0, ID))) {
                packed.put(line.substring(ID + 1), ObjectId.fromString(line.substring(0, ID)));
            }
        });
        return packed;
    }

    private ObjectId id(String name, String text) {
        String stripped = text.strip();
        if (!ObjectId.isId(stripped)) {
            throw invalid(name, "names no commit");
        }
        return ObjectId.fromString(stripped);
    }

    /** Has all objects checked that the cache does not have. */
    void objectsInto(Quarantine quarantine) throws IOException {
        // Loose ones first: what is packed meanwhile, is found among the packs.
        for (String name : names(List.of("objects"))) {
            if (name.length() == FAN_OUT && isFolder(List.of("objects"), name)) {
                looseObjects(name, quarantine);
            }
        }
        for (String name : names(List.of("objects", "pack"))) {
            if (name.endsWith(".pack")) {
                pack(name, quarantine);
            }
        }
    }

    private void looseObjects(String folder, Quarantine quarantine) throws IOException {
        List<String> names = names(List.of("objects", folder));
        try (HeldFolder held = descend(List.of("objects", folder)).orElse(null)) {
            for (String name : names) {
                if (held != null && ObjectId.isId(folder + name)) {
                    ObjectId id = ObjectId.fromString(folder + name);
                    if (!quarantine.has(id)) {
                        pinned(held, name, file -> quarantine.loose(id, file));
                    }
                }
            }
        }
    }

    private void pack(String name, Quarantine quarantine) throws IOException {
        try (HeldFolder held = descend(List.of("objects", "pack")).orElse(null)) {
            if (held == null || !pinned(held, name, quarantine::pack)) {
                throw new ConflictException(
                        "clone", clone.repository().toString(), "was packed anew while it was read; try again");
            }
        }
    }

    private boolean pinned(HeldFolder folder, String name, Reading reading) throws IOException {
        Path file = scratch.path().resolve("pinned-" + pins++);
        if (!pin(folder, name, file)) {
            return false;
        }
        try {
            reading.of(file);
            return true;
        } finally {
            Files.delete(file);
        }
    }

    private boolean pin(HeldFolder folder, String name, Path file) throws IOException {
        try {
            return folder.pin(name, file);
        } catch (ConflictException e) {
            throw tampered(e);
        }
    }

    /** What a file says; empty if there is none. */
    private Optional<String> text(List<String> path, int most) throws IOException {
        String name = path.get(path.size() - 1);
        try (HeldFolder folder = descend(path.subList(0, path.size() - 1)).orElse(null)) {
            return folder == null ? Optional.empty() : text(folder, name, most);
        }
    }

    private Optional<String> text(HeldFolder folder, String name, int most) throws IOException {
        if (folder.isFolder(name)) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        pinned(folder, name, file -> {
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw invalid(name, "is larger than git would make it");
                }
                found.add(new String(bytes, StandardCharsets.UTF_8));
            }
        });
        return found.stream().findFirst();
    }

    private boolean isFolder(List<String> folder, String name) throws IOException {
        try (HeldFolder held = descend(folder).orElse(null)) {
            return held != null && held.isFolder(name);
        }
    }

    private List<String> names(List<String> folder) throws IOException {
        try (HeldFolder held = descend(folder).orElse(null)) {
            List<String> names = held == null ? List.of() : held.names(MOST_NAMES - looked);
            looked += names.size();
            return names;
        } catch (ConflictException e) {
            throw tampered(e);
        }
    }

    /** Holds a folder of it; empty if it is not there. */
    private Optional<HeldFolder> descend(List<String> path) throws IOException {
        HeldFolder at = hold();
        try {
            for (String name : path) {
                HeldFolder next = at.child(name);
                at.close();
                at = next;
            }
            return Optional.of(at);
        } catch (NoSuchFileException e) {
            at.close();
            return Optional.empty();
        } catch (ConflictException e) {
            at.close();
            throw tampered(e);
        } catch (IOException | RuntimeException e) {
            at.close();
            throw e;
        }
    }

    private static AngeeException tampered(ConflictException cause) {
        return new AngeeException(ErrorCode.INVALID, "the clone was tampered with: " + cause.getMessage(), cause);
    }

    private AngeeException invalid(String what, String problem) {
        return new AngeeException(
                ErrorCode.INVALID,
                "the clone '" + clone.repository() + "' was tampered with: '" + printable(what) + "' " + problem
                        + "; see to it there, or discard the clone");
    }

    private static String printable(String name) {
        return name.codePoints()
                .limit(100)
                .collect(
                        StringBuilder::new,
                        (text, c) -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c),
                        StringBuilder::append)
                .toString();
    }

    Path scratch() {
        return scratch.path();
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }

    /** What is done with a file that nobody can swap any more; its content may change. */
    @FunctionalInterface
    private interface Reading {
        void of(Path file) throws IOException;
    }
}

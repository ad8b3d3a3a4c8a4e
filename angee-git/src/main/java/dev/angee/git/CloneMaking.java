package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.internal.HeldFolder;
import dev.angee.source.Worktree;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Makes a clone, or brings an existing one what has come since. An existing one is in somebody else's hands: what is written
 * there are new files, by folders that are held, moved into place as git itself does it, with git's own locks.
 */
final class CloneMaking {
    private static final String PACKED = "packed-refs";
    private static final String LOCK = ".lock";
    private static final String DRAFT = ".angee";
    private static final String INDEX = "index";
    private static final String SHALLOW = "shallow";

    /** What our locks say, and nobody's git's: one that is found with the worktree's lock held, was left by the dead. */
    static final String OURS = "Angee is bringing this clone what is new\n";

    private final CloneFolder clone;
    private final CloneContent content;

    CloneMaking(CloneFolder clone, CloneContent content) {
        this.clone = clone;
        this.content = content;
    }

    /** Makes it; it appears whole. */
    void make(Worktree worktree) throws IOException {
        requireOneLine(worktree.path());
        requireOneLine(clone.cache());
        Files.createDirectories(clone.area());
        FolderRemoval.of(clone.draft());
        Path draft = Files.createDirectory(clone.draft());
        Files.writeString(draft.resolve(CloneFolder.OWNER), worktree.path() + "\n");
        Files.writeString(draft.resolve(CloneFolder.GIVEN), CloneContent.shallowText(content.shallow()));
        Files.writeString(draft.resolve(CloneFolder.POINTER), "gitdir: " + clone.repository() + "\n");
        fill(Files.createDirectory(draft.resolve(CloneFolder.REPOSITORY)));
        Files.move(draft, clone.folder(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void fill(Path git) throws IOException {
        for (String name : List.of("objects/info", "objects/pack", "refs/heads", "refs/tags", "info", "hooks")) {
            Files.createDirectories(git.resolve(name));
        }
        Files.writeString(git.resolve("config"), content.config());
        Files.writeString(git.resolve("objects/info/alternates"), clone.objects() + "\n");
        Files.writeString(
                git.resolve(PACKED),
                content.head().name() + " " + content.branch().fullName() + "\n" + content.tags() + content.remotes());
        if (!content.shallow().isEmpty()) {
            Files.writeString(git.resolve(SHALLOW), CloneContent.shallowText(content.shallow()));
        }
        if (!content.exclude().isEmpty()) {
            Files.writeString(git.resolve("info/exclude"), content.exclude(), StandardCharsets.ISO_8859_1);
        }
        if (content.remoteHead().isPresent()) {
            Path head = git.resolve(RemoteRefs.HEAD);
            Files.createDirectories(head.getParent());
            Files.writeString(head, content.head(content.remoteHead().get()));
        }
        byte[] index = content.index();
        if (index.length > 0) {
            Files.write(git.resolve(INDEX), index);
            Files.setLastModifiedTime(git.resolve(INDEX), content.indexTime());
        }
        Files.writeString(
                git.resolve(Constants.HEAD), content.head(content.branch().fullName()));
    }

    /** Both git's list of lent objects and its pointer are lines. */
    private static void requireOneLine(Path path) {
        if (path.toString().chars().anyMatch(Character::isISOControl)) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED, "a path with a line break or the like cannot be that of a clone; rename it");
        }
    }

    /** Brings it what it lacks. */
    void refresh(CloneLook look, Repository cache) throws IOException {
        try (HeldFolder git = look.hold()) {
            refreshEnds(look, git, cache);
            refreshRemotes(look, git);
            boolean cutOff = look.says(git, INDEX + LOCK, OURS); // After the branch had moved, maybe.
            Optional<ObjectId> behind = isToFollow(look, cache, cutOff);
            if (behind.isPresent()) {
                follow(look, git, behind.get());
            } else if (cutOff) {
                git.remove(INDEX + LOCK);
            }
        }
    }

    /** The list of both: what was fetched there ends where it ended, and what the cache has, where that does. */
    private void refreshEnds(CloneLook look, HeldFolder git, Repository cache) throws IOException {
        Set<ObjectId> given = clone.given();
        if (given.equals(content.shallow())) {
            return;
        }
        Set<ObjectId> kept = new TreeSet<>(content.shallow());
        lock(look, git, SHALLOW);
        try {
            Set<ObjectId> own = look.shallow();
            Set<ObjectId> ends = new TreeSet<>(own);
            for (ObjectId id : own) {
                if (given.contains(id) && !content.shallow().contains(id)) {
                    if (goesOn(id, cache)) {
                        ends.remove(id);
                    } else {
                        kept.add(id);
                    }
                }
            }
            content.shallow().stream().filter(id -> !given.contains(id)).forEach(ends::add);
            if (ends.isEmpty()) {
                git.remove(SHALLOW);
            } else if (!ends.equals(own)) {
                git.replace(SHALLOW, CloneContent.shallowText(ends));
            }
        } finally {
            git.remove(SHALLOW + LOCK);
        }
        clone.give(kept);
    }

    /** Whether the cache has what comes before a commit. */
    private static boolean goesOn(ObjectId end, Repository cache) throws IOException {
        if (!cache.getObjectDatabase().has(end)) {
            return false;
        }
        try (RevWalk walk = new RevWalk(cache)) {
            for (RevCommit parent : walk.parseCommit(end).getParents()) {
                if (!cache.getObjectDatabase().has(parent)) {
                    return false;
                }
            }
            return true;
        }
    }

    private void refreshRemotes(CloneLook look, HeldFolder git) throws IOException {
        locking(look, git, PACKED, () -> packedWithOurs(look.packed()).getBytes(StandardCharsets.UTF_8));
        try (HeldFolder refs = git.childOrNew("refs");
                HeldFolder remotes = refs.childOrNew("remotes")) {
            remotes.remove(Constants.DEFAULT_REMOTE_NAME);
            if (content.remoteHead().isPresent()) {
                try (HeldFolder origin = remotes.childOrNew(Constants.DEFAULT_REMOTE_NAME)) {
                    origin.replace(
                            Constants.HEAD, content.head(content.remoteHead().get()));
                }
            }
        }
    }

    /** Its own, but the remote's branches as they are now, and tags whose names are free; what git can find out is left out. */
    private String packedWithOurs(Map<String, ObjectId> own) {
        StringBuilder packed = new StringBuilder();
        own.forEach((name, id) -> {
            if (!name.startsWith(RemoteRefs.PREFIX)) {
                packed.append(id.name()).append(' ').append(name).append('\n');
            }
        });
        content.tags()
                .lines()
                .filter(line -> !own.containsKey(line.substring(Constants.OBJECT_ID_STRING_LENGTH + 1)))
                .forEach(line -> packed.append(line).append('\n'));
        return packed.append(content.remotes()).toString();
    }

    /** Where the clone's branch is, if it is behind the worktree's and nobody is in the midst of something on it. */
    private Optional<ObjectId> isToFollow(CloneLook look, Repository cache, boolean cutOff) throws IOException {
        Optional<ObjectId> tip = look.tip(content.branch());
        boolean ready = look.branch().equals(Optional.of(content.branch().fullName())) && !look.isUnfinished();
        if (!ready || tip.isEmpty()) {
            return Optional.empty();
        }
        if (tip.get().equals(content.head())) {
            return cutOff ? tip : Optional.empty(); // Its index did not get to follow.
        }
        try (RevWalk walk = new RevWalk(cache)) {
            return walk.isMergedInto(walk.parseCommit(tip.get()), walk.parseCommit(content.head()))
                    ? tip
                    : Optional.empty();
        } catch (MissingObjectException e) {
            return Optional.empty(); // It has commits of its own.
        }
    }

    private void follow(CloneLook look, HeldFolder git, ObjectId behind) throws IOException {
        lock(look, git, INDEX);
        try {
            git.remove(INDEX + DRAFT);
            git.create(INDEX + DRAFT, content.index());
            git.date(INDEX + DRAFT, content.indexTime());
            if (moveBranch(look, git, behind)) {
                git.move(INDEX + DRAFT, git, INDEX);
            } else {
                git.remove(INDEX + DRAFT);
            }
        } finally {
            git.remove(INDEX + LOCK);
        }
    }

    private boolean moveBranch(CloneLook look, HeldFolder git, ObjectId behind) throws IOException {
        List<String> names = new ArrayList<>(List.of(content.branch().fullName().split("/")));
        String last = names.remove(names.size() - 1);
        List<HeldFolder> held = new ArrayList<>(List.of(git));
        try {
            for (String name : names) {
                held.add(held.get(held.size() - 1).childOrNew(name));
            }
            return locking(
                    look,
                    held.get(held.size() - 1),
                    last,
                    () -> look.tip(content.branch()).equals(Optional.of(behind))
                            ? (content.head().name() + "\n").getBytes(StandardCharsets.US_ASCII)
                            : new byte[0]);
        } finally {
            for (HeldFolder folder : held.subList(1, held.size())) {
                folder.close();
            }
        }
    }

    /** Replaces a file as git does: its lock becomes the file. Nothing is replaced by nothing. */
    private boolean locking(CloneLook look, HeldFolder folder, String name, GitWork<byte[]> text) throws IOException {
        lock(look, folder, name);
        boolean done = false;
        try {
            byte[] bytes = text.run();
            if (bytes.length > 0) {
                String draft = name + DRAFT;
                folder.remove(draft);
                folder.create(draft, bytes);
                folder.move(draft, folder, name);
                done = true;
            }
            return done;
        } finally {
            folder.remove(name + LOCK);
        }
    }

    private void lock(CloneLook look, HeldFolder folder, String name) throws IOException {
        try {
            if (look.says(folder, name + LOCK, OURS)) {
                folder.remove(name + LOCK);
            }
            folder.create(name + LOCK, OURS);
        } catch (FileAlreadyExistsException e) {
            throw new LockFailedException(
                    new File(clone.repository().toFile(), name), "'" + name + LOCK + "' is there", e);
        }
    }
}

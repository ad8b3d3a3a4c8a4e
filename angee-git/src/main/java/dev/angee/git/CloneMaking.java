package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
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
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Makes a clone, or brings an existing one what has come since. An existing one is in somebody else's hands: what is written
 * there are new files, by folders that are held, moved into place as git itself does it, with git's own locks.
 */
final class CloneMaking {
    private static final String PACKED = "packed-refs";
    private static final String LOCK = ".lock";

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
            Files.writeString(git.resolve("shallow"), content.shallow());
        }
        if (content.exclude().isPresent()) {
            Files.writeString(git.resolve("info/exclude"), content.exclude().get());
        }
        if (content.remoteHead().isPresent()) {
            Path head = git.resolve(RemoteRefs.HEAD);
            Files.createDirectories(head.getParent());
            Files.writeString(head, content.head(content.remoteHead().get()));
        }
        byte[] index = content.index();
        if (index.length > 0) {
            Files.write(git.resolve("index"), index);
            Files.setLastModifiedTime(git.resolve("index"), content.indexTime());
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
            if (!content.shallow().isEmpty()) {
                git.replace("shallow", content.shallow());
            }
            refreshRemotes(look, git);
            Optional<ObjectId> behind = isToFollow(look, cache);
            if (behind.isPresent()) {
                follow(look, git, behind.get());
            }
        }
    }

    private void refreshRemotes(CloneLook look, HeldFolder git) throws IOException {
        locking(git, PACKED, () -> packedWithOurs(look.packed()).getBytes(StandardCharsets.UTF_8));
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
    private Optional<ObjectId> isToFollow(CloneLook look, Repository cache) throws IOException {
        Optional<ObjectId> tip = look.tip(content.branch());
        boolean ready = look.branch().equals(Optional.of(content.branch().fullName())) && !look.isUnfinished();
        if (!ready || tip.isEmpty() || tip.get().equals(content.head())) {
            return Optional.empty();
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
        lock(git, "index", content.index());
        boolean done = false;
        try {
            git.date("index" + LOCK, content.indexTime());
            if (moveBranch(look, git, behind)) {
                git.move("index" + LOCK, git, "index");
                done = true;
            }
        } finally {
            if (!done) {
                git.remove("index" + LOCK);
            }
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
    private boolean locking(HeldFolder folder, String name, GitWork<byte[]> text) throws IOException {
        lock(folder, name, new byte[0]);
        boolean done = false;
        try {
            byte[] bytes = text.run();
            if (bytes.length > 0) {
                String draft = name + ".angee";
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

    private void lock(HeldFolder folder, String name, byte[] content) throws IOException {
        try {
            folder.create(name + LOCK, content);
        } catch (FileAlreadyExistsException e) {
            throw new LockFailedException(
                    new File(clone.repository().toFile(), name), "'" + name + LOCK + "' is there", e);
        }
    }
}

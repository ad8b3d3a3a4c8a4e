package dev.angee.git;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;

/** What is uncommitted in a worktree of many files, where the git program finds out sooner than JGit. */
final class GitStatus {
    /** How many files it takes to be worth a process. */
    static final int MANY = 3000;

    private static final int SIGNATURE = 0x44495243; // DIRC
    private static final int FIELDS_BEFORE_CHANGED_PATH = 8;
    private static final int FIELDS_BEFORE_CONFLICTED_PATH = 10;

    private GitStatus() {}

    /** Whether the worktree has that many files, as its index says. */
    static boolean isForGit(Path index) throws IOException {
        if (!Files.isRegularFile(index, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DataInputStream in = new DataInputStream(Files.newInputStream(index, LinkOption.NOFOLLOW_LINKS))) {
            return in.available() >= 12 && in.readInt() == SIGNATURE && in.readInt() > 0 && in.readInt() >= MANY;
        }
    }

    /**
     * What is uncommitted, or nothing if git cannot tell as JGit does: for repositories inside the worktree, which git does
     * not look into, and for files that it waits on for ever, such as a pipe called {@code .gitignore}.
     */
    static Optional<UncommittedChanges> of(GitProgram program, OpenWorktree open, ObjectId head, SlowWorktrees slow)
            throws IOException {
        try (GitStage stage = GitStage.beside(program, open.worktree.cache())) {
            stage.withFiles(open.worktree.path(), open.repository);
            stage.write("HEAD", head.name() + "\n");
            stage.with("GIT_INDEX_FILE", open.repository.getIndexFile().toString());
            GitCommand command = GitCommand.status();
            return parse(GitStage.succeeded(command, stage.run(command)).bytes());
        } catch (GitTimeout e) {
            slow.add(open.worktree.path());
            return Optional.empty();
        }
    }

    /** What {@code status --porcelain=v2 -z} printed. */
    static Optional<UncommittedChanges> parse(String printed) {
        Set<String> unstaged = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        for (String entry : printed.split("\0", -1)) {
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            char kind = entry.charAt(0);
            String path = GitResult.readable(
                    switch (kind) {
                        case '1' -> after(entry, FIELDS_BEFORE_CHANGED_PATH);
                        case 'u' -> after(entry, FIELDS_BEFORE_CONFLICTED_PATH);
                        default -> entry.substring(2);
                    });
            if (path.endsWith("/")) {
                return Optional.empty();
            }
            all.add(path);
            if (kind != '1' || entry.charAt(3) != '.') {
                unstaged.add(path);
            }
        }
        return Optional.of(new UncommittedChanges(List.copyOf(unstaged), List.copyOf(all)));
    }

    private static String after(String entry, int fields) {
        int at = 0;
        for (int i = 0; i < fields; i++) {
            at = entry.indexOf(' ', at) + 1;
        }
        return entry.substring(at);
    }
}

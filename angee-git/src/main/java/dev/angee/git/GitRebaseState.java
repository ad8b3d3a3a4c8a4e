package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.internal.HeldFolder;
import dev.angee.source.BranchName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Where a rebase of ours stands that stopped at a conflict. It is written down as git does, so that everybody's git sees a
 * rebase, can go on with it or take it back; beside it stands a mark that it is ours. Read back, it is a list of commits to
 * pick and nothing else: whatever else somebody has put there makes it somebody else's.
 *
 * @param branch the branch that is rebased
 * @param original the commit that it was at, and still is
 * @param onto the commit that the rebase began on
 * @param done what has been picked, the one in conflict being the last
 * @param todo what is still to be picked
 */
record GitRebaseState(BranchName branch, ObjectId original, ObjectId onto, List<ObjectId> done, List<ObjectId> todo) {
    private static final String FOLDER = "rebase-merge";
    static final String DRAFT = FOLDER + ".angee";
    private static final String HEADS = "refs/heads/";
    private static final int LARGEST = 4 * 1024 * 1024;
    private static final Pattern PICK = Pattern.compile("(?:p|pick) ([0-9a-f]{40})(?: .*)?");
    private static final Set<String> EXPECTED = Set.of(
            "head-name",
            "orig-head",
            "onto",
            "done",
            "git-rebase-todo",
            "git-rebase-todo.backup",
            "msgnum",
            "end",
            "interactive",
            "stopped-sha",
            "author-script",
            "message",
            "patch",
            "drop_redundant_commits",
            "no-reschedule-failed-exec",
            "rewritten-list",
            "rewritten-pending",
            "quiet",
            "verbose");

    /** Copies the lists. */
    GitRebaseState {
        done = List.copyOf(done);
        todo = List.copyOf(todo);
    }

    /** The same, at the commit that has this place among all. */
    GitRebaseState at(int place) {
        List<ObjectId> all = new ArrayList<>(done);
        all.addAll(todo);
        return new GitRebaseState(
                branch, original, onto, all.subList(0, place + 1), all.subList(place + 1, all.size()));
    }

    /** The place of the commit that is in conflict. */
    int place() {
        return done.size() - 1;
    }

    /** The commit that is in conflict. */
    ObjectId stopped() {
        return done.get(done.size() - 1);
    }

    void write(AdminFolder record, Repository repository, String mark) throws IOException {
        try (HeldFolder held = record.hold()) {
            held.remove(DRAFT);
            try (HeldFolder draft = held.childOrNew(DRAFT)) {
                fill(draft, repository);
            }
            held.remove(FOLDER);
            held.move(DRAFT, held, FOLDER);
            held.replace(RebaseState.MARK, mark + "\n");
            held.replace("REBASE_HEAD", stopped().name() + "\n");
        }
    }

    private void fill(HeldFolder draft, Repository repository) throws IOException {
        draft.create("head-name", branch.fullName() + "\n");
        draft.create("orig-head", original.name() + "\n");
        draft.create("onto", onto.name() + "\n");
        draft.create("done", picks(repository, done));
        draft.create("git-rebase-todo", picks(repository, todo));
        draft.create("msgnum", done.size() + "\n");
        draft.create("end", done.size() + todo.size() + "\n");
        draft.create("interactive", "");
        draft.create("drop_redundant_commits", "");
        draft.create("stopped-sha", stopped().name() + "\n");
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(stopped());
            draft.create("message", commit.getFullMessage());
            draft.create("author-script", authorScript(commit));
        }
    }

    private static String picks(Repository repository, List<ObjectId> commits) throws IOException {
        StringBuilder text = new StringBuilder();
        try (RevWalk walk = new RevWalk(repository)) {
            for (ObjectId commit : commits) {
                text.append("pick ").append(commit.name()).append(' ');
                text.append(walk.parseCommit(commit).getShortMessage()).append('\n');
            }
        }
        return text.toString();
    }

    static String authorScript(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        String raw = author.toExternalString();
        return "GIT_AUTHOR_NAME=" + quoted(author.getName()) + "\nGIT_AUTHOR_EMAIL=" + quoted(author.getEmailAddress())
                + "\nGIT_AUTHOR_DATE="
                + quoted("@" + raw.substring(raw.lastIndexOf('>') + 1).strip()) + "\n";
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    /** What was written; refuses what this engine did not begin, and what somebody has changed into something else. */
    static GitRebaseState read(AdminFolder record, Path worktree, String mark) throws IOException {
        Path folder = record.folder().resolve(FOLDER);
        if (!record.text(RebaseState.MARK).filter(mark::equals).isPresent()
                || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw foreign(worktree);
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (!files.allMatch(file -> EXPECTED.contains(file.getFileName().toString()))) {
                throw foreign(worktree);
            }
        }
        List<ObjectId> done = parse(text(folder, "done", worktree), worktree);
        String name = text(folder, "head-name", worktree).strip();
        if (done.isEmpty() || !name.startsWith(HEADS)) {
            throw foreign(worktree);
        }
        try {
            return new GitRebaseState(
                    BranchName.of(name.substring(HEADS.length())),
                    id(text(folder, "orig-head", worktree), worktree),
                    id(text(folder, "onto", worktree), worktree),
                    done,
                    parse(text(folder, "git-rebase-todo", worktree), worktree));
        } catch (InvalidInputException e) {
            throw foreign(worktree);
        }
    }

    private static List<ObjectId> parse(String todo, Path worktree) {
        List<ObjectId> commits = new ArrayList<>();
        for (String line : todo.split("\n", -1)) {
            Matcher pick = PICK.matcher(line.strip());
            if (pick.matches()) {
                commits.add(ObjectId.fromString(pick.group(1)));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw foreign(worktree);
            }
        }
        return commits;
    }

    private static ObjectId id(String text, Path worktree) {
        if (!ObjectId.isId(text.strip())) {
            throw foreign(worktree);
        }
        return ObjectId.fromString(text.strip());
    }

    private static String text(Path folder, String name, Path worktree) throws IOException {
        return AdminFolder.plainText(folder.resolve(name), LARGEST).orElseThrow(() -> foreign(worktree));
    }

    private static ConflictException foreign(Path worktree) {
        return new ConflictException(
                "worktree",
                worktree.toString(),
                "the rebase in it was begun or changed by another git; finish or abort it there");
    }
}

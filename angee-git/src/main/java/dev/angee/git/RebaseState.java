package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import dev.angee.source.BranchName;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * A rebase that stands at a conflict, as git writes it down in a worktree's record. Whoever works in the worktree may be able
 * to write there too: nothing but ids, and the name of a branch, is taken from it.
 *
 * @param branch the branch that is rebased
 * @param head the commit that it is at until the end
 * @param onto the commit that it is put onto
 * @param commits all that is put there
 * @param at the place of the one that is in conflict
 */
record RebaseState(BranchName branch, ObjectId head, ObjectId onto, List<ObjectId> commits, int at) {
    /** The file that says who began a rebase: a rebase ends with the one that began it. */
    static final String MARK = "angee-rebase";

    private static final String OURS = "jgit";
    private static final String FOLDER = "rebase-merge";
    private static final String DRAFT = FOLDER + ".new";
    private static final String PICK = "pick ";

    /** Copies the list. */
    RebaseState {
        commits = List.copyOf(commits);
    }

    /** The same, at another commit. */
    RebaseState at(int place) {
        return new RebaseState(branch, head, onto, commits, place);
    }

    /** Writes it down; what stands there of another one is replaced. */
    void write(AdminFolder admin, Repository repository) throws IOException {
        try (HeldFolder held = admin.hold()) {
            held.remove(DRAFT);
            try (HeldFolder draft = held.childOrNew(DRAFT)) {
                fill(draft, repository);
            }
            held.remove(FOLDER);
            held.move(DRAFT, held, FOLDER);
            held.replace(MARK, OURS + "\n");
        }
    }

    private void fill(HeldFolder draft, Repository repository) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit stopped = walk.parseCommit(commits.get(at));
            put(draft, "head-name", branch.fullName());
            put(draft, "orig-head", head.name());
            put(draft, "onto", onto.name());
            put(draft, "done", list(walk, commits.subList(0, at + 1)));
            put(draft, "git-rebase-todo", list(walk, commits.subList(at + 1, commits.size())));
            put(draft, "msgnum", Integer.toString(at + 1));
            put(draft, "end", Integer.toString(commits.size()));
            put(draft, "stopped-sha", stopped.name());
            put(draft, "message", stopped.getFullMessage());
            put(draft, "author-script", GitRebaseState.authorScript(stopped));
            put(draft, "interactive", "");
        }
    }

    private static void put(HeldFolder folder, String name, String text) throws IOException {
        folder.create(name, text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    }

    private static String list(RevWalk walk, List<ObjectId> commits) throws IOException {
        StringBuilder list = new StringBuilder();
        for (ObjectId commit : commits) {
            String summary = walk.parseCommit(commit).getShortMessage();
            list.append(PICK).append(commit.name()).append(' ').append(summary).append('\n');
        }
        return list.toString();
    }

    /** What was written down by us; a {@code CONFLICT} if anybody else wrote there. */
    static RebaseState read(AdminFolder admin, Worktree worktree) {
        if (!isOurs(admin)) {
            throw new ConflictException(
                    "worktree",
                    worktree.path().toString(),
                    "its rebase was begun by another git; end it with that one ('git rebase --continue'), or abort it");
        }
        RebaseState begun = begun(admin, worktree);
        List<ObjectId> done = picks(admin, "done", worktree);
        List<ObjectId> all = new ArrayList<>(done);
        all.addAll(picks(admin, "git-rebase-todo", worktree));
        if (done.isEmpty()) {
            throw damaged(worktree, "done");
        }
        return new RebaseState(begun.branch, begun.head, begun.onto, all, done.size() - 1);
    }

    /** The same, whoever began it, and without the commits. */
    static RebaseState begun(AdminFolder admin, Worktree worktree) {
        String name = text(admin, "head-name", worktree);
        BranchName branch = AdminFolder.fromFullName(name).orElseThrow(() -> damaged(worktree, "head-name"));
        return new RebaseState(branch, id(admin, "orig-head", worktree), id(admin, "onto", worktree), List.of(), 0);
    }

    private static List<ObjectId> picks(AdminFolder admin, String name, Worktree worktree) {
        return admin.lines(FOLDER + "/" + name).orElseThrow(() -> damaged(worktree, name)).stream()
                .map(line -> {
                    String id = line.startsWith(PICK) && line.length() >= PICK.length() + 40
                            ? line.substring(PICK.length(), PICK.length() + 40)
                            : "";
                    if (!ObjectId.isId(id)) {
                        throw damaged(worktree, name);
                    }
                    return ObjectId.fromString(id);
                })
                .collect(Collectors.toList());
    }

    private static ObjectId id(AdminFolder admin, String name, Worktree worktree) {
        String id = text(admin, name, worktree);
        if (!ObjectId.isId(id)) {
            throw damaged(worktree, name);
        }
        return ObjectId.fromString(id);
    }

    private static String text(AdminFolder admin, String name, Worktree worktree) {
        return admin.text(FOLDER + "/" + name).orElseThrow(() -> damaged(worktree, name));
    }

    private static ConflictException damaged(Worktree worktree, String file) {
        return new ConflictException(
                "worktree",
                worktree.path().toString(),
                "its rebase was begun or changed by another git (see '" + FOLDER + "/" + file
                        + "'); end it with that one");
    }

    /** Refuses to go on if the branch moved meanwhile. */
    void requireBranchWhereItWas(Repository repository, Worktree worktree) throws IOException {
        Ref ref = repository.exactRef(branch.fullName());
        if (ref == null || !head.equals(ref.getObjectId())) {
            throw new ConflictException(
                    "worktree",
                    worktree.path().toString(),
                    "the branch '" + branch + "' moved while it was rebased; end it with 'git rebase --quit'");
        }
    }

    /** Writes down again that one stands at an earlier commit, whichever engine's it is. */
    static void goBack(AdminFolder admin, Worktree worktree, Repository repository, int place) throws IOException {
        if (isOurs(admin)) {
            RebaseState state = afterWriting(admin, DRAFT, () -> read(admin, worktree));
            state.at(place).write(admin, repository);
        } else {
            GitRebaseState state = afterWriting(
                    admin, GitRebaseState.DRAFT, () -> GitRebaseState.read(admin, worktree.path(), GitRebase.ENGINE));
            state.at(place).write(admin, repository, GitRebase.ENGINE);
            admin.remove(List.of("MERGE_MSG"));
        }
    }

    private static boolean isOurs(AdminFolder admin) {
        return admin.text(MARK).equals(Optional.of(OURS));
    }

    /** Who died while the one took the other's place, left the other. */
    private static <T> T afterWriting(AdminFolder admin, String draft, GitWork<T> reading) throws IOException {
        try {
            return reading.run();
        } catch (ConflictException e) {
            try (HeldFolder held = admin.hold()) {
                if (!held.has(draft)) {
                    throw e;
                }
                held.remove(FOLDER);
                held.move(draft, held, FOLDER);
            }
            return reading.run();
        }
    }

    /** Moves the branch to where the rebase has ended. */
    void moveBranch(Repository repository, ObjectId tip) throws IOException {
        RemoteRefs.check(
                RefChange.of(repository, branch.fullName()).expecting(head).to(tip), branch.fullName());
    }

    /** Forgets what was written down. */
    static void remove(AdminFolder admin) throws IOException {
        admin.remove(List.of(
                FOLDER,
                DRAFT,
                GitRebaseState.DRAFT,
                "rebase-apply",
                MARK,
                "REBASE_HEAD",
                "CHERRY_PICK_HEAD",
                "MERGE_MSG",
                "AUTO_MERGE",
                KeptConflicts.FILE));
    }
}

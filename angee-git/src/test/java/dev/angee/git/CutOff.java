package dev.angee.git;

import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import java.nio.file.Path;

/**
 * A JVM that changes a worktree, and is killed over it: {@code <engine> <folder> <worktree> <operation>}. It begins when a
 * line comes in, and says when it is done.
 */
final class CutOff {
    private static final MergeOptions BY_ANN = MergeOptions.by(Remote.ANN);

    private CutOff() {}

    public static void main(String[] arguments) throws Exception {
        SourceControl control = Engines.of(arguments[0]);
        Remote remote = new Remote(Path.of(arguments[1]));
        WorktreeOperations in =
                control.in(new Worktree(remote.cache(), remote.folder().resolve(arguments[2])));
        Object unused = in.status(Remote.MAIN); // what has to be loaded is loaded
        System.out.println("ready");
        System.out.flush();
        int go = System.in.read();
        System.out.println(go < 0 ? "nobody says go" : "done " + change(in, arguments[3], control, remote));
        System.out.flush();
    }

    static Object change(WorktreeOperations in, String operation, SourceControl control, Remote remote) {
        Revision main = Revision.of(Remote.MAIN);
        switch (operation) {
            case "merge" -> {
                return in.merge(main, BY_ANN);
            }
            case "keep a merge" -> {
                return in.merge(main, BY_ANN.keepingConflicts());
            }
            case "rebase" -> {
                return in.rebase(main, BY_ANN);
            }
            case "keep a rebase" -> {
                return in.rebase(main, BY_ANN.keepingConflicts());
            }
            case "resume", "resume to the next conflict" -> {
                return in.resume(Remote.ANN);
            }
            case "rewind" -> {
                CommitId head = in.status(Remote.MAIN).head();
                in.rewind(
                        head,
                        control.history(remote.cache())
                                .log(head, 1)
                                .get(0)
                                .parents()
                                .get(0));
                return "rewound";
            }
            case "abort a merge", "abort a rebase" -> {
                in.abort();
                return "aborted";
            }
            default -> throw new IllegalArgumentException(operation);
        }
    }
}

package dev.angee.git;

import dev.angee.source.MergeOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What git makes of two commits, in the object store alone.
 *
 * @param tree the merged tree; in one with conflicts, files hold both sides with markers around them
 * @param clean whether it went through; git can find a conflict that no file is in, as in the way a folder was renamed
 * @param entries what the index of such a merge has of files in conflict, as git lists it: {@code mode id stage\tpath},
 *     each byte of a path being a character
 * @param messages what git says of it, line by line
 * @param told the files that it names in what it says of conflicts
 */
record GitMerge(ObjectId tree, boolean clean, List<String> entries, List<String> messages, List<String> told)
        implements Landing.Merged {
    private static final int CONFLICTED = 1;

    /** Merges; both sides have history in common. */
    static GitMerge of(GitStage stage, ObjectId ours, ObjectId theirs) throws IOException {
        GitCommand command = GitCommand.mergeTree(ours, theirs);
        GitResult result = stage.run(command);
        if (result.exitCode() != 0 && result.exitCode() != CONFLICTED) {
            throw GitStage.failure(command, result);
        }
        return parse(result.bytes(), result.succeeded());
    }

    /** What {@code merge-tree -z --messages} printed, and whether it succeeded. */
    static GitMerge parse(String printed, boolean clean) throws IOException {
        List<String> fields = List.of(printed.split("\0", -1));
        if (!ObjectId.isId(fields.get(0))) {
            throw new IOException("git merge-tree printed no tree");
        }
        int at = 1;
        List<String> entries = new ArrayList<>();
        while (at < fields.size() && !fields.get(at).isEmpty()) {
            entries.add(fields.get(at++));
        }
        List<String> messages = new ArrayList<>();
        List<String> told = new ArrayList<>();
        at++;
        while (at < fields.size() && fields.get(at).matches("\\d{1,9}")) {
            int paths = at + 1;
            at += Integer.parseInt(fields.get(at)) + 2; // the paths, and the kind of message
            if (at < fields.size()) {
                if (fields.get(at - 1).startsWith("CONFLICT")) {
                    told.addAll(fields.subList(paths, at - 1));
                }
                messages.addAll(GitResult.readable(fields.get(at++)).lines().toList());
            }
        }
        return new GitMerge(
                ObjectId.fromString(fields.get(0)),
                clean,
                List.copyOf(entries),
                List.copyOf(messages),
                List.copyOf(told));
    }

    @Override
    public boolean isClean() {
        return clean;
    }

    /** The files in conflict, in order. */
    List<String> files() {
        List<String> all = entries.isEmpty() ? told : paths();
        return all.stream().map(GitResult::readable).distinct().sorted().toList();
    }

    private List<String> paths() {
        return entries.stream()
                .map(entry -> entry.substring(entry.indexOf('\t') + 1))
                .distinct()
                .toList();
    }

    @Override
    public MergeOutcome conflicted() {
        String reason = messages.stream()
                .filter(message -> message.startsWith("CONFLICT"))
                .distinct()
                .limit(20)
                .collect(Collectors.joining("\n"));
        return new MergeOutcome.Conflicted(
                files(), reason.isEmpty() ? "both sides changed " + String.join(", ", files()) : reason);
    }

    /** What makes the index of the merged tree that of a merge in conflict, for {@code update-index --index-info}. */
    byte[] indexInfo() {
        StringBuilder text = new StringBuilder();
        paths().forEach(path -> text.append("0 ")
                .append(ObjectId.zeroId().name())
                .append('\t')
                .append(path)
                .append('\0'));
        entries.forEach(entry -> text.append(entry).append('\0'));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}

package dev.angee.git;

import static dev.angee.git.RealGit.assertSound;
import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A JVM is killed while it changes the files of a worktree; its git, where there is one, is not, and goes on. The long form:
 * {@code -Dgit.death.rounds=20}.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CutOffIT {
    private static final int ROUNDS = Integer.getInteger("git.death.rounds", 1);
    private static final int FILES = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> OPERATIONS = List.of(
            "merge",
            "keep a merge",
            "rebase",
            "keep a rebase",
            "resume",
            "resume to the next conflict",
            "rewind",
            "abort a merge",
            "abort a rebase");

    @TempDir
    Path folder;

    private Remote remote;

    static List<String> engines() {
        return Engines.names();
    }

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        write(remote.others().resolve(".gitignore"), "*.log\n");
        write(remote.others().resolve("b.txt"), "b\n");
        for (int i = 0; i < FILES; i++) {
            write(file(remote.others(), i), "base " + i + "\n");
        }
        remote.commitAll();
    }

    private static Path file(Path place, int number) {
        return place.resolve("d%d/f%03d.txt".formatted(number / 50, number));
    }

    /** What main has that no workspace has yet: all files are changed, some are gone, and some are new. */
    private void changeMain() throws Exception {
        for (int i = 0; i < FILES; i++) {
            write(file(remote.others(), i), ("theirs " + i + "\n").repeat(500));
            if (i % 10 == 3) {
                Files.delete(file(remote.others(), i));
                write(remote.others().resolve("new/f" + i), "new\n".repeat(500));
            }
        }
        write(remote.others().resolve("a.txt"), "theirs\n");
        write(remote.others().resolve("b.txt"), "theirs\n");
        remote.commitAll();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_worktree_is_as_before_or_as_after_whenever_the_jvm_dies(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        remote.fetch(control);
        List<Worktree> all = new ArrayList<>();
        for (int i = 0; i < ROUNDS * OPERATIONS.size(); i++) {
            all.add(remote.add(control, "w" + i, BranchName.of("workspace/" + i)));
        }
        changeMain();
        remote.fetch(control);
        Random random = new Random(20261128);
        Map<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < all.size(); i++) {
            String operation = OPERATIONS.get(i % OPERATIONS.size());
            String what = die(control, engine, all.get(i), operation, random.nextInt(FILES + 60));
            seen.merge(what, 1, Integer::sum);
        }
        assertThat(seen.keySet()).as(seen.toString()).anyMatch(each -> each.startsWith("cut off"));
        assertSound(remote.cache());
    }

    private String die(SourceControl control, String engine, Worktree worktree, String operation, int point)
            throws Exception {
        prepare(control, worktree, operation);
        Path note = write(worktree.path().resolve("my.log"), "mine\n");
        State before = State.of(worktree);
        Path probe = probe(worktree, operation, Math.min(point, FILES - 1));
        long size = Files.exists(probe) ? Files.size(probe) : -1;
        Process jvm = start(engine, worktree, operation);
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofNanos(200_000))
                .until(() -> !jvm.isAlive() || has(jvm, "done") || hasChanged(probe, size));
        if (point >= FILES) {
            TimeUnit.MILLISECONDS.sleep(point - FILES); // later than any file: which moment it is, the dice say
        }
        jvm.destroyForcibly().waitFor();
        boolean cut = control.in(worktree).status(MAIN).unfinished() == Unfinished.CHANGE;
        String as = operation + " at " + point + ", " + (cut ? "cut off" : "whole");
        recover(Engines.of(engine), worktree, point);
        State after = State.of(worktree);
        assertThat(note).as(as).hasContent("mine");
        assertThat(RealGit.namesIn(remote.recordOf(worktree))).as(as).doesNotContain("index.lock", "HEAD.lock");
        assertThat(RealGit.namesIn(remote.cache().resolve("angee-locks")))
                .as(as)
                .noneMatch(name -> name.contains("~"));
        boolean undone = after.isLike(before);
        if (!undone) {
            assertDone(control, worktree, operation, as, after);
        } else if (operation.startsWith("resume")) {
            assertCanBeResumed(control.in(worktree), worktree, as);
        }
        return (cut ? "cut off, " : "whole, ") + (undone ? "as before" : "as after");
    }

    /** One of the files that the operation changes, as they come. */
    private static Path probe(Worktree worktree, String operation, int number) {
        return operation.startsWith("resume")
                ? worktree.path().resolve("more/f%03d".formatted(number))
                : file(worktree.path(), number);
    }

    private void prepare(SourceControl control, Worktree worktree, String operation) throws Exception {
        WorktreeOperations in = control.in(worktree);
        MergeOptions keep = MergeOptions.by(Remote.ANN).keepingConflicts();
        write(worktree.path().resolve("mine.txt"), "mine\n");
        boolean conflict = !List.of("merge", "rebase", "rewind").contains(operation);
        if (conflict) {
            write(worktree.path().resolve("a.txt"), "mine\n");
        }
        Object unused = in.commit("mine", Remote.ANN);
        switch (operation) {
            case "rewind" -> unused = in.merge(Revision.of(MAIN), keep);
            case "abort a merge" -> unused = in.merge(Revision.of(MAIN), keep);
            case "abort a rebase" -> unused = in.rebase(Revision.of(MAIN), keep);
            case "resume", "resume to the next conflict" -> {
                for (int i = 0; i < FILES; i++) {
                    write(worktree.path().resolve("more/f%03d".formatted(i)), "more\n".repeat(300));
                }
                unused = in.commit("more", Remote.ANN);
                if (!operation.equals("resume")) {
                    write(worktree.path().resolve("b.txt"), "mine\n");
                    unused = in.commit("another conflict", Remote.ANN);
                }
                assertThat(in.rebase(Revision.of(MAIN), keep)).isInstanceOf(MergeOutcome.Conflicted.class);
                write(worktree.path().resolve("a.txt"), "both\n");
            }
            default -> {}
        }
        assertThat(unused).isNotNull();
    }

    private Process start(String engine, Worktree worktree, String operation) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CutOff.class.getName(),
                        engine,
                        remote.folder().toString(),
                        worktree.path().getFileName().toString(),
                        operation)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        await().atMost(PATIENCE).until(() -> has(jvm, "ready"));
        jvm.getOutputStream().write('\n');
        jvm.getOutputStream().flush();
        return jvm;
    }

    private Path output() {
        return remote.folder().resolve("output");
    }

    private boolean has(Process jvm, String word) throws IOException {
        boolean alive = jvm.isAlive(); // asked first: it may say that it is done, and end
        String said = Files.readString(output());
        assertThat(alive || said.contains("done")).as(said).isTrue();
        return said.contains(word);
    }

    private static boolean hasChanged(Path file, long size) throws IOException {
        try {
            return Files.size(file) != size;
        } catch (NoSuchFileException e) {
            return size >= 0;
        }
    }

    /** Whatever comes next that changes something: it has nothing to say against, or says so in so many words. */
    private static void recover(SourceControl control, Worktree worktree, int which) {
        WorktreeOperations in = control.in(worktree);
        if (in.status(MAIN).unfinished() == Unfinished.CHANGE && which % 2 == 0) {
            in.abort();
            return;
        }
        try {
            in.rewind(in.status(MAIN).head(), in.status(MAIN).head());
        } catch (AngeeException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            assertThat(e.getMessage()).doesNotContain("neither", "lock");
        }
    }

    /** It stands at the commit that it stood at, and no other is left out. */
    private static void assertCanBeResumed(WorktreeOperations in, Worktree worktree, String as) throws Exception {
        MergeOutcome outcome = in.resume(Remote.ANN);
        if (outcome instanceof MergeOutcome.Conflicted) {
            write(worktree.path().resolve("b.txt"), "both\n");
            outcome = in.resume(Remote.ANN);
        }
        assertThat(outcome).as(as).isInstanceOf(MergeOutcome.Rebased.class);
        assertThat(git(worktree.path(), "log", "--reverse", "--format=%s", "origin/main..HEAD"))
                .as(as)
                .startsWith("mine\nmore")
                .isEqualTo(as.startsWith("resume to") ? "mine\nmore\nanother conflict" : "mine\nmore");
        assertThat(git(worktree.path(), "status", "--porcelain", "-uall"))
                .as(as)
                .isEmpty();
    }

    private void assertDone(SourceControl control, Worktree worktree, String operation, String as, State after)
            throws Exception {
        Path path = worktree.path();
        boolean kept = List.of("keep a merge", "keep a rebase", "resume to the next conflict")
                .contains(operation);
        boolean onMain = !List.of("rewind", "abort a merge", "abort a rebase").contains(operation);
        String wanted = onMain ? "theirs 0\n".repeat(500) : "base 0\n";
        assertThat(Files.readString(file(path, 0))).as(as).isEqualTo(wanted);
        assertThat(Files.exists(path.resolve("new/f3"))).as(as).isEqualTo(onMain);
        assertThat(Files.exists(file(path, 3))).as(as).isEqualTo(!onMain);
        assertThat(path.resolve("mine.txt")).as(as).hasContent("mine");
        if (kept) {
            String file = operation.startsWith("resume") ? "b.txt" : "a.txt";
            assertThat(git(path, "diff", "--name-only", "--diff-filter=U"))
                    .as(as)
                    .isEqualTo(file);
            assertThat(Files.readString(path.resolve(file))).as(as).contains("<<<<<<<", ">>>>>>>");
            assertThat(control.in(worktree).status(MAIN).unfinished())
                    .as(as)
                    .isEqualTo(operation.equals("keep a merge") ? Unfinished.MERGE : Unfinished.REBASE);
            write(path.resolve(file), "both\n");
            assertThat(control.in(worktree).resume(Remote.ANN)).as(as).isNotInstanceOf(MergeOutcome.Conflicted.class);
        }
        assertThat(git(path, "status", "--porcelain", "-uall")).as(as).isEmpty();
        assertThat(git(path, "symbolic-ref", "HEAD")).as(as).startsWith("refs/heads/workspace/");
        assertThat(control.in(worktree).status(MAIN).unfinished()).as(as).isEqualTo(Unfinished.NOTHING);
        if (operation.startsWith("resume")) {
            assertThat(path.resolve("more/f299")).as(as).exists();
        }
        assertThat(after).isNotNull();
    }

    /** A merge whose JVM was killed half-way through it; its git, if it has one, stands still, or is killed too. */
    private Worktree cutOff(SourceControl control, String engine, Child child) throws Exception {
        remote.fetch(control);
        Worktree worktree = remote.add(control, "w", BranchName.of("workspace/x"));
        Files.write(remote.others().resolve("d3/big"), new byte[64 * 1024 * 1024]); // long enough to be met over it
        changeMain();
        remote.fetch(control);
        prepare(control, worktree, "merge");
        String head = git(worktree.path(), "rev-parse", "HEAD");
        long size = Files.size(file(worktree.path(), 149));
        long last = Files.size(file(worktree.path(), FILES - 1));
        for (int attempt = 0; attempt < 20; attempt++) {
            Process jvm = start(engine, worktree, "merge");
            while (jvm.isAlive() && !hasChanged(file(worktree.path(), 149), size)) {
                Thread.onSpinWait();
            }
            List<ProcessHandle> programs = jvm.descendants().toList();
            programs.forEach(each -> signal("STOP", each));
            jvm.destroyForcibly().waitFor();
            if (child == Child.KILLED) {
                programs.forEach(ProcessHandle::destroyForcibly);
            }
            boolean half = !hasChanged(file(worktree.path(), FILES - 1), last);
            if (half && (child == Child.KILLED || !programs.isEmpty())) {
                return worktree;
            }
            programs.forEach(ProcessHandle::destroyForcibly);
            recover(control, worktree, 1);
            git(worktree.path(), "reset", "-q", "--hard", head);
        }
        throw new AssertionError("it was always too late: " + Files.readString(output()));
    }

    /** What becomes of a git program whose JVM is killed. */
    private enum Child {
        KILLED,
        STOPPED
    }

    private static void signal(String name, ProcessHandle process) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_git_that_outlives_its_jvm_is_ended_before_its_work_is_taken_back() throws Exception {
        SourceControl control = Engines.of("git");
        Worktree worktree = cutOff(control, "git", Child.STOPPED);
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(each -> worksIn(each, worktree.path()))
                .toList();
        assertThat(left).isNotEmpty();
        try {
            control.in(worktree).abort();
            assertThat(left).noneMatch(each -> worksIn(each, worktree.path())); // as a zombie it may stay
            assertThat(git(worktree.path(), "status", "--porcelain", "-uall")).isEmpty();
        } finally {
            left.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void a_git_that_outlives_its_jvm_is_ended_before_its_worktree_is_removed() throws Exception {
        SourceControl control = Engines.of("git");
        Worktree worktree = cutOff(control, "git", Child.STOPPED);
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(each -> worksIn(each, worktree.path()))
                .toList();
        try {
            control.removeWorktree(worktree, RemoveOptions.whatever());
            assertThat(left).isNotEmpty().noneMatch(each -> worksIn(each, worktree.path()));
            assertThat(worktree.path()).doesNotExist();
            assertThat(RealGit.namesIn(remote.cache().resolve("angee-locks"))).noneMatch(name -> name.contains("~"));
        } finally {
            left.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean worksIn(ProcessHandle process, Path worktree) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains("GIT_WORK_TREE=" + worktree);
        } catch (IOException e) {
            return false; // not for us to look at
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_somebody_changed_since_is_left_and_told_and_all_else_is_as_before(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        Worktree worktree = cutOff(control, engine, Child.KILLED);
        Map<String, String> cacheBefore = State.contentOf(remote.cache());
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.CHANGE);
        assertThat(control.in(worktree).findings(MAIN)).containsKey(RemovalFinding.DIRTY);
        assertThat(State.contentOf(remote.cache())).as("reading does not write").isEqualTo(cacheBefore);
        Path written = write(file(worktree.path(), 0), "mine, too\n");
        Path unwritten = write(file(worktree.path(), FILES - 1), "mine as well\n");
        Path besides = write(worktree.path().resolve("mine.txt"), "mine, and more\n");
        Path added = write(worktree.path().resolve("new/added"), "added\n");
        assertThatThrownBy(() -> control.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(Remote.ANN)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContainingAll("d0/f000.txt", "d5/f299.txt")
                .hasMessageNotContaining("f001")
                .hasMessageNotContaining("mine.txt");
        assertThat(written).hasContent("mine, too");
        assertThat(unwritten).hasContent("mine as well");
        assertThat(besides).hasContent("mine, and more");
        assertThat(added).hasContent("added");
        assertThat(git(worktree.path(), "status", "--porcelain", "-uall").lines())
                .containsExactlyInAnyOrder(" M d0/f000.txt", " M d5/f299.txt", " M mine.txt", "?? new/added");
        assertThat(control.in(worktree).status(MAIN).unfinished()).isEqualTo(Unfinished.NOTHING);
        assertThat(control.in(worktree).commit("all that", Remote.ANN)).isPresent();
        assertSound(remote.cache());
    }

    @ParameterizedTest
    @MethodSource("engines")
    void another_gits_lock_of_the_index_is_not_taken_for_ours(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        Worktree worktree = cutOff(control, engine, Child.KILLED);
        Path lock = remote.recordOf(worktree).resolve("index.lock");
        Files.delete(lock);
        Files.writeString(lock, "");
        assertThatThrownBy(() -> control.in(worktree).abort())
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(lock).exists();
        Files.delete(lock);
        control.in(worktree).abort();
        assertThat(git(worktree.path(), "status", "--porcelain", "-uall")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_somebody_writes_in_its_place_moves_no_branch_and_leads_nowhere(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        Worktree worktree = cutOff(control, engine, Child.KILLED);
        remote.add(control, "other", BranchName.of("workspace/other"));
        Path journal = remote.cache().resolve("angee-locks/w~change");
        String entry = Files.readString(journal.resolve("entry"));
        String branches = git(remote.cache(), "for-each-ref");
        Path home = Files.createDirectory(folder.resolve("home"));
        write(home.resolve("entry"), entry);
        Path victim = write(folder.resolve("victim"), "");
        for (String forged : List.of(
                leadingTo(victim, entry),
                "",
                "record \nfrom nonsense",
                entry.replaceAll("ref-from [0-9a-f]+", "ref-from x"),
                entry.replaceAll("(?m)^ref .*", "ref refs/heads/../../config"),
                entry.replaceAll("(?m)^ref .*", "ref refs/heads/workspace/other"))) {
            Files.writeString(journal.resolve("entry"), forged);
            attempt(() -> control.in(worktree).abort());
            assertThat(git(remote.cache(), "for-each-ref")).as(forged).isEqualTo(branches);
            if (!Files.exists(journal)) {
                Files.createDirectory(journal);
            }
        }
        Files.deleteIfExists(journal.resolve("entry"));
        RealGit.pipe(journal.resolve("entry"));
        attempt(() -> control.in(worktree).abort());
        FolderRemoval.of(journal);
        Files.createSymbolicLink(journal, home);
        attempt(() -> control.in(worktree).commit("mine", Remote.ANN));
        assertThat(victim).exists();
        assertThat(RealGit.namesIn(home)).containsExactly("entry");
        control.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(Files.exists(journal, LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(RealGit.namesIn(home)).containsExactly("entry");
    }

    /** To be taken back are files of a tree that lead out of the worktree. */
    private String leadingTo(Path victim, String entry) throws Exception {
        String blob = RealGit.gitReading(remote.cache(), new byte[0], "hash-object", "-w", "--stdin");
        String inner = mktree("100644 blob " + blob + "\t" + victim.getFileName());
        String from = mktree("");
        String to = mktree("040000 tree " + inner + "\t..");
        return entry.replaceAll("(?m)^from .*", "from " + from).replaceAll("(?m)^to .*", "to " + to);
    }

    private String mktree(String line) throws Exception {
        byte[] input = (line.isEmpty() ? "" : line + "\n").getBytes(StandardCharsets.UTF_8);
        return RealGit.gitReading(remote.cache(), input, "mktree");
    }

    private static void attempt(Runnable call) {
        try {
            call.run();
        } catch (AngeeException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** What a person sees of a worktree. */
    private record State(String branch, String head, String unmerged, boolean unfinished, Map<String, String> files) {
        static State of(Worktree worktree) throws Exception {
            Path path = worktree.path();
            Path record = new Cache(worktree.cache()).recordOf(worktree).folder();
            return new State(
                    git(path, "branch", "--show-current"),
                    git(path, "rev-parse", "HEAD"),
                    git(path, "status", "--porcelain", "-uall"),
                    Files.exists(record.resolve("MERGE_HEAD")) || Files.exists(record.resolve("rebase-merge")),
                    contentOf(path));
        }

        /** What a resume has staged before it went on, may stay so. */
        boolean isLike(State other) {
            return branch.equals(other.branch)
                    && head.equals(other.head)
                    && unfinished == other.unfinished
                    && files.equals(other.files)
                    && (unmerged.equals(other.unmerged)
                            || (other.unmerged.contains("UU a.txt") && unmerged.contains("M  a.txt")));
        }

        static Map<String, String> contentOf(Path place) throws IOException {
            Map<String, String> content = new TreeMap<>();
            try (Stream<Path> all = Files.walk(place)) {
                for (Path each : (Iterable<Path>) all::iterator) {
                    if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                        content.put(
                                place.relativize(each).toString(),
                                new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
                    }
                }
            }
            return content;
        }
    }
}

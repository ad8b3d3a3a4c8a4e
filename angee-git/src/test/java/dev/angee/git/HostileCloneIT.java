package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.gitReading;
import static dev.angee.git.RealGit.pipe;
import static dev.angee.git.RealGit.script;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.MergeOutcome;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent puts into its clone, all of which it may write: nothing bad is taken, run, waited for, or written outside. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileCloneIT {
    private static final String PRECIOUS = "a key\n";

    @TempDir
    Path folder;

    private final SourceControl it = new JGitSourceControl();
    private Remote remote;
    private Worktree worktree;
    private Path clone;
    private Path home;
    private Path key;
    private Path canary;
    private String before;
    private Map<String, Long> cacheBefore;

    @BeforeEach
    void makeAClone() throws Exception {
        remote = Remote.in(folder);
        remote.fetch(it);
        worktree = remote.add(it, "w", WORK);
        clone = it.in(worktree).ownClone().offer().repository();
        home = Files.createDirectory(remote.folder().resolve("home"));
        key = write(home.resolve("key"), PRECIOUS);
        canary = remote.folder().resolve("canary");
        before = git(remote.cache(), "rev-parse", WORK.fullName());
    }

    @AfterEach
    void nothingWasRunOrTouched() throws Exception {
        assertThat(canary).doesNotExist();
        assertThat(key).hasContent(PRECIOUS);
        RealGit.assertSound(remote.cache());
    }

    private String agent(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("--git-dir=" + clone, "--work-tree=" + worktree.path()));
        words.addAll(List.of(arguments));
        return git(worktree.path(), words.toArray(new String[0]));
    }

    private String agentCommits() throws Exception {
        write(worktree.path().resolve("n.txt"), "n\n");
        agent("add", "-A");
        agent("commit", "-q", "-m", "n");
        return agent("rev-parse", "HEAD");
    }

    private Path fileOf(String id) {
        return clone.resolve("objects").resolve(id.substring(0, 2)).resolve(id.substring(2));
    }

    private Map<String, Long> objectsOfCache() throws IOException {
        Map<String, Long> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(remote.cache().resolve("objects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(file.toString(), Files.size(file));
            }
        }
        return found;
    }

    /** Nothing is taken, nothing comes into the cache, and removal says that there is something. */
    private void assertRefused(String said) throws Exception {
        cacheBefore = objectsOfCache();
        assertThatThrownBy(() -> it.in(worktree).ownClone().take())
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(said);
        assertThat(git(remote.cache(), "rev-parse", WORK.fullName())).isEqualTo(before);
        assertThat(objectsOfCache()).isEqualTo(cacheBefore);
        assertThat(it.in(worktree).findings(MAIN)).containsKey(RemovalFinding.UNTAKEN);
    }

    private void assertRemovable() {
        it.removeWorktree(worktree, RemoveOptions.whatever());
        assertThat(clone.getParent()).doesNotExist();
    }

    @Test
    void what_it_says_is_to_be_run_is_not() throws Exception {
        String commit = agentCommits();
        Path program = script(remote.folder().resolve("program"), canary);
        Path config = clone.resolve("config");
        for (String name : List.of(
                "core.fsmonitor",
                "core.sshCommand",
                "core.alternateRefsCommand",
                "diff.external",
                "filter.x.clean",
                "filter.x.smudge",
                "uploadpack.packObjectsHook",
                "core.editor",
                "credential.helper",
                "gpg.program")) {
            git(folder, "config", "--file", config.toString(), name, program.toString());
        }
        git(folder, "config", "--file", config.toString(), "remote.origin.url", "ext::" + program);
        for (String hook : List.of("post-commit", "reference-transaction", "post-index-change", "update")) {
            script(clone.resolve("hooks").resolve(hook), canary);
        }
        write(clone.resolve("info/attributes"), "* filter=x\n");
        it.in(worktree).ownClone().offer();
        assertThat(it.in(worktree).findings(MAIN)).containsKey(RemovalFinding.UNTAKEN);
        assertThat(canary).doesNotExist();
        git(folder, "config", "--file", config.toString(), "include.path", "/dev/zero");
        git(folder, "config", "--file", config.toString(), "extensions.objectFormat", "sha256");
        it.in(worktree).ownClone().offer();
        MergeOutcome taken = it.in(worktree).ownClone().take();
        assertThat(taken).isInstanceOf(MergeOutcome.FastForward.class);
        assertThat(git(remote.cache(), "rev-parse", WORK.fullName())).isEqualTo(commit);
        assertRemovable();
    }

    /** A repository of the host's that the agent does not have, with the id of a commit in it. */
    private String secretOfTheHost(Path repository) throws Exception {
        git(folder, "init", "-q", repository.toString());
        write(repository.resolve("secret"), "a secret\n");
        git(repository, "add", "-A");
        git(repository, "commit", "-q", "-m", "secret");
        return git(repository, "commit-tree", "-p", before, "-m", "on top", "HEAD^{tree}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alternates", "objects", "fan-out", "object", "pack folder", "pack"})
    void objects_of_another_repository_are_not_taken_along(String how) throws Exception {
        Path victim = home.resolve("victim");
        git(folder, "clone", "-q", remote.origin().toString(), victim.toString());
        String secret = secretOfTheHost(victim);
        git(victim, "update-ref", "refs/heads/secret", secret);
        Path theirs = victim.resolve(".git/objects");
        write(clone.resolve("refs/heads/workspace/x"), secret + "\n");
        switch (how) {
            case "alternates" -> write(clone.resolve("objects/info/alternates"), theirs + "\n");
            case "objects" -> {
                FolderRemoval.of(clone.resolve("objects"));
                Files.createSymbolicLink(clone.resolve("objects"), theirs);
            }
            case "fan-out" -> {
                for (String name : RealGit.namesIn(theirs)) {
                    if (name.length() == 2) {
                        Files.createSymbolicLink(clone.resolve("objects").resolve(name), theirs.resolve(name));
                    }
                }
            }
            case "object" -> {
                try (Stream<Path> files = Files.walk(theirs)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Path mine = clone.resolve("objects").resolve(theirs.relativize(file));
                        Files.createDirectories(mine.getParent());
                        Files.createSymbolicLink(mine, file);
                    }
                }
            }
            case "pack folder" -> {
                git(victim, "repack", "-q", "-a", "-d");
                FolderRemoval.of(clone.resolve("objects/pack"));
                Files.createSymbolicLink(clone.resolve("objects/pack"), theirs.resolve("pack"));
            }
            default -> {
                git(victim, "repack", "-q", "-a", "-d");
                for (String name : RealGit.namesIn(theirs.resolve("pack"))) {
                    Files.createSymbolicLink(
                            clone.resolve("objects/pack").resolve(name),
                            theirs.resolve("pack").resolve(name));
                }
            }
        }
        assertRefused("");
        assertRemovable();
        assertThat(git(victim, "fsck", "--full")).doesNotContain("missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD",
                "packed-refs",
                "refs/heads/workspace/x",
                "refs",
                "objects",
                "objects/12",
                "objects/12/34567890123456789012345678901234567890",
                "objects/pack/pack-1.pack"
            })
    void a_pipe_in_its_place_is_not_waited_for(String name) throws Exception {
        agentCommits();
        agent("pack-refs", "--all");
        FolderRemoval.of(clone.resolve(name));
        Files.createDirectories(clone.resolve(name).getParent());
        pipe(clone.resolve(name));
        if (name.equals("objects/12")) {
            assertThat(it.in(worktree).ownClone().take()).isInstanceOf(MergeOutcome.FastForward.class);
        } else {
            assertRefused("");
        }
        HostileWorktrees.attempt(() -> it.in(worktree).ownClone().offer());
        assertRemovable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "packed-refs", "refs/heads/workspace/x", "refs/heads/workspace", "refs"})
    void a_link_in_its_place_leads_nowhere(String name) throws Exception {
        agentCommits();
        if (name.equals("packed-refs")) {
            agent("pack-refs", "--all");
        }
        Path there = home.resolve("there");
        if (Files.exists(clone.resolve(name))) {
            Files.move(clone.resolve(name), there);
        } else {
            write(there, "");
        }
        Files.createSymbolicLink(clone.resolve(name), there);
        assertRefused("");
        HostileWorktrees.attempt(() -> it.in(worktree).ownClone().offer());
        assertRemovable();
        assertThat(there).exists();
    }

    @Test
    void refs_are_what_git_writes() throws Exception {
        agentCommits();
        agent("update-ref", "refs/heads/other", "HEAD");
        for (String text : List.of("ref: refs/heads/other\n", "--upload-pack=x\n", "\u0000", "12345\n")) {
            write(clone.resolve("refs/heads/workspace/x"), text);
            assertRefused("names no commit");
        }
        Files.writeString(clone.resolve("refs/heads/workspace/x"), "1".repeat(40) + "\n".repeat(100_000));
        assertRefused("larger");
        write(clone.resolve("refs/heads/workspace/x"), "1".repeat(40) + "\n");
        assertRefused("not there");
    }

    @Test
    void names_that_look_like_options_and_lists_without_end_do_no_harm() throws Exception {
        String commit = agentCommits();
        String id = agent("rev-parse", "HEAD");
        Files.writeString(
                clone.resolve("packed-refs"),
                id + " --upload-pack=" + canary + "\n" + id + " refs/heads/-x\n" + id + " refs/heads/\u001b[31m\n" + id
                        + " refs/heads/../../../x\n");
        it.in(worktree).ownClone().offer();
        String found = it.in(worktree).findings(MAIN).get(RemovalFinding.UNTAKEN);
        assertThat(found).isNotNull().doesNotContain("\u001b");
        assertThat(it.in(worktree).ownClone().take()).isInstanceOf(MergeOutcome.FastForward.class);
        assertThat(git(remote.cache(), "rev-parse", WORK.fullName())).isEqualTo(commit);
        Files.writeString(clone.resolve("packed-refs"), ("# " + "x".repeat(1000) + "\n").repeat(40_000));
        assertThatThrownBy(() -> it.in(worktree).ownClone().offer()).hasMessageContaining("larger");
        assertThat(it.in(worktree).findings(MAIN).get(RemovalFinding.UNTAKEN)).contains("nobody knows");
        assertRemovable();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD^{tree}", "HEAD:n.txt"})
    void a_commit_of_which_something_is_missing_is_not_taken(String what) throws Exception {
        agentCommits();
        Files.delete(fileOf(agent("rev-parse", what)));
        assertRefused("missing");
    }

    @Test
    void an_object_that_is_not_what_its_name_says_is_not_taken() throws Exception {
        agentCommits();
        Path object = fileOf(agent("rev-parse", "HEAD:n.txt"));
        Files.delete(object);
        Files.write(object, deflated("blob 2\0N\n"));
        assertRefused("not what its name says");
        for (String text : List.of(
                "",
                "blob",
                "blob x\0",
                "blob 99999999999999999\0n",
                "commit 999999999\0n",
                "evil 2\0n\n",
                "tree 2\0n\n",
                "blob 2\0n\nand more")) {
            Files.write(object, deflated(text));
            assertRefused(object.getFileName().toString());
        }
        Files.write(object, "not even deflated".getBytes(StandardCharsets.UTF_8));
        assertRefused("broken");
    }

    private static byte[] deflated(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_tree_that_would_write_into_git_s_own_folder_is_not_taken(boolean packed) throws Exception {
        String blob = agentCommits().isEmpty() ? "" : agent("rev-parse", "HEAD:n.txt");
        for (String name : List.of(".git", "..", ".GIT", "a/b")) {
            ByteArrayOutputStream tree = new ByteArrayOutputStream();
            tree.write(("100644 " + name + "\0").getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < blob.length(); i += 2) {
                tree.write(Integer.parseInt(blob.substring(i, i + 2), 16));
            }
            String id =
                    gitReading(clone, tree.toByteArray(), "hash-object", "-t", "tree", "--literally", "-w", "--stdin");
            String commit = git(clone, "commit-tree", "-p", before, "-m", "evil", id);
            git(clone, "update-ref", WORK.fullName(), commit);
            if (packed) {
                git(clone, "repack", "-q", "-d");
            }
            assertRefused("");
            FolderRemoval.of(fileOf(id));
        }
    }

    private String treeWith(String mode, String name, String id) throws Exception {
        ByteArrayOutputStream tree = new ByteArrayOutputStream();
        tree.write((mode + " " + name + "\0").getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < id.length(); i += 2) {
            tree.write(Integer.parseInt(id.substring(i, i + 2), 16));
        }
        return gitReading(clone, tree.toByteArray(), "hash-object", "-t", "tree", "--literally", "-w", "--stdin");
    }

    /** An object of that type, of which no branch knows. */
    private String unknown(String type, Path repository) throws Exception {
        String blob = gitReading(repository, "odd\n".getBytes(StandardCharsets.UTF_8), "hash-object", "-w", "--stdin");
        byte[] entry = ("100644 blob " + blob + "\todd\n").getBytes(StandardCharsets.UTF_8);
        String tree = gitReading(repository, entry, "mktree");
        String commit = git(repository, "commit-tree", "-m", "odd", tree);
        byte[] tag = ("object " + commit + "\ntype commit\ntag odd\ntagger A <a@b> 1 +0000\n\nodd\n")
                .getBytes(StandardCharsets.UTF_8);
        return switch (type) {
            case "blob" -> blob;
            case "tree" -> tree;
            case "commit" -> commit;
            default -> gitReading(repository, tag, "mktag");
        };
    }

    @ParameterizedTest
    @CsvSource({
        "100644, commit, loose",
        "100644, tree, loose",
        "100644, tag, loose",
        "100644, commit, packed",
        "100644, tree, packed",
        "100644, tag, packed",
        "100644, commit, in the cache",
        "100644, tree, in the cache",
        "100644, tag, in the cache",
        "120000, tree, in the cache",
        "40000, blob, loose",
        "40000, commit, packed",
        "40000, blob, in the cache"
    })
    void what_a_tree_calls_by_the_wrong_type_is_not_taken(String mode, String type, String where) throws Exception {
        agentCommits();
        String odd = unknown(type, where.equals("in the cache") ? remote.cache() : clone);
        if (where.equals("packed")) {
            String pack = clone.resolve("objects/pack/pack").toString();
            gitReading(clone, (odd + "\n").getBytes(StandardCharsets.UTF_8), "pack-objects", "-q", pack);
            git(clone, "prune-packed", "-q");
            assertThat(fileOf(odd)).doesNotExist();
        }
        String tree = treeWith(mode, "poison", odd);
        git(clone, "update-ref", WORK.fullName(), git(clone, "commit-tree", "-p", before, "-m", "evil", tree));
        assertRefused("type");
    }

    @Test
    void a_pack_with_an_object_that_takes_much_memory_is_not_taken_in() throws Exception {
        Files.write(worktree.path().resolve("zeros"), new byte[33 * 1024 * 1024]);
        agentCommits();
        agent("repack", "-q", "-d");
        assertRefused("a pack");
    }

    @Test
    void a_pack_without_end_to_its_size_is_not_believed() throws Exception {
        agentCommits();
        ByteBuffer header = ByteBuffer.allocate(12);
        header.put("PACK".getBytes(StandardCharsets.US_ASCII)).putInt(2).putInt(0x7ffffff0);
        Path pack = clone.resolve("objects/pack/pack-1.pack");
        Files.write(pack, header.array());
        try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
            file.setLength(18L * 1024 * 1024 * 1024);
        }
        assertRefused("a pack");
    }

    /** As git packs: the branch is in the list before its file goes. */
    @Test
    void a_branch_that_is_packed_at_this_moment_is_not_overlooked() throws Exception {
        String commit = agentCommits();
        agent("reset", "-q", "--hard", before);
        for (int i = 0; i < 200; i++) {
            write(clone.resolve("refs/tags/t" + i), before + "\n");
        }
        Path loose = clone.resolve("refs/heads/zz/hidden");
        String packed = Files.readString(clone.resolve("packed-refs"));
        Random random = new Random(20261128);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 100; round++) {
                write(loose, commit + "\n");
                write(clone.resolve("packed-refs"), packed);
                long nanos = random.nextInt(30_000_000);
                Future<?> packing = other.submit(() -> {
                    long end = System.nanoTime() + nanos;
                    while (System.nanoTime() - end < 0) {
                        Thread.onSpinWait();
                    }
                    write(clone.resolve("new"), packed + commit + " refs/heads/zz/hidden\n");
                    Files.move(clone.resolve("new"), clone.resolve("packed-refs"), StandardCopyOption.ATOMIC_MOVE);
                    Files.delete(loose);
                    return packed;
                });
                assertThat(it.in(worktree).findings(MAIN)).as("round " + round).containsKey(RemovalFinding.UNTAKEN);
                packing.get();
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void of_refs_that_are_kept_otherwise_or_are_too_many_nobody_knows() throws Exception {
        Path odd = Files.createDirectory(clone.resolve("reftable"));
        assertThat(it.in(worktree).findings(MAIN).get(RemovalFinding.UNTAKEN)).contains("nobody knows", "reftable");
        Files.delete(odd);
        assertThat(it.in(worktree).findings(MAIN)).doesNotContainKey(RemovalFinding.UNTAKEN);
        git(folder, "config", "--file", clone.resolve("config").toString(), "extensions.refStorage", "reftable");
        assertThat(it.in(worktree).findings(MAIN).get(RemovalFinding.UNTAKEN)).contains("nobody knows", "reftable");
        git(folder, "config", "--file", clone.resolve("config").toString(), "--unset", "extensions.refStorage");
        for (int i = 0; i < 20_000; i++) {
            Files.writeString(
                    Files.createDirectories(clone.resolve("refs/heads/many")).resolve("b" + i), before + "\n");
        }
        assertThat(it.in(worktree).findings(MAIN).get(RemovalFinding.UNTAKEN)).contains("nobody knows");
        assertRemovable();
    }

    @Test
    void nobody_waits_while_what_the_agent_made_is_read() throws Exception {
        String commit = agentCommits();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<MergeOutcome> taking = new RepositoryLocks(Duration.ofMinutes(1))
                    .shared(remote.cache(), "test", () -> {
                        Future<MergeOutcome> begun =
                                other.submit(() -> it.in(worktree).ownClone().take());
                        Path object = remote.cache()
                                .resolve("objects")
                                .resolve(commit.substring(0, 2))
                                .resolve(commit.substring(2));
                        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(object));
                        return begun;
                    });
            assertThat(taking.get()).isInstanceOf(MergeOutcome.FastForward.class);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void a_pack_that_promises_more_than_it_has_is_not_believed() throws Exception {
        agentCommits();
        Path pack = clone.resolve("objects/pack/pack-1.pack");
        for (int count : new int[] {Integer.MAX_VALUE - 8, -1, 3}) {
            ByteBuffer header = ByteBuffer.allocate(200);
            header.put("PACK".getBytes(StandardCharsets.US_ASCII)).putInt(2).putInt(count);
            Files.write(pack, header.array());
            assertRefused("a pack");
        }
        Files.write(pack, new byte[3]);
        assertRefused("a pack");
    }

    /** Two deltas, each of which is the other's base: who follows them by the pack's index never comes to an end. */
    @Test
    void deltas_that_go_round_in_circles_are_not_followed() throws Exception {
        agentCommits();
        ByteArrayOutputStream pack = new ByteArrayOutputStream();
        pack.write(ByteBuffer.allocate(12)
                .put("PACK".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(2)
                .array());
        for (byte base : new byte[] {1, 2}) {
            pack.write(7 << 4 | 5); // a delta of five bytes on an object named by its id
            byte[] name = new byte[20];
            java.util.Arrays.fill(name, base);
            pack.write(name);
            pack.write(deflated("\u0005\u0005\u0090\u0005\u0000"));
        }
        pack.write(java.security.MessageDigest.getInstance("SHA-1").digest(pack.toByteArray()));
        Files.write(clone.resolve("objects/pack/pack-1.pack"), pack.toByteArray());
        assertRefused("a pack");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refs",
                "refs/remotes",
                "refs/remotes/origin",
                "packed-refs.lock",
                "packed-refs",
                "packed-refs.angee",
                "index",
                "index.lock",
                "refs/heads",
                "refs/heads/workspace",
                "refs/heads/workspace/x",
                "refs/heads/workspace/x.lock",
                "refs/heads/workspace/x.angee"
            })
    void an_offer_neither_writes_nor_removes_by_a_link(String name) throws Exception {
        Path target = name.contains(".") || name.equals("packed-refs") || name.equals("index") || name.endsWith("/x")
                ? key
                : home;
        FolderRemoval.of(clone.resolve(name));
        Files.createDirectories(clone.resolve(name).getParent());
        Files.createSymbolicLink(clone.resolve(name), target);
        write(remote.others().resolve("b.txt"), "b\n");
        remote.commitAll();
        remote.fetch(it);
        write(worktree.path().resolve("h.txt"), "h\n");
        it.in(worktree).commit("the host's", Remote.ANN);
        HostileWorktrees.attempt(() -> it.in(worktree).ownClone().offer());
        HostileWorktrees.attempt(() -> it.in(worktree).ownClone().take());
        assertRemovable();
        assertThat(RealGit.namesIn(home)).isEqualTo(Set.of("key"));
    }

    @Test
    void another_gits_lock_is_waited_for_and_then_said() throws Exception {
        write(clone.resolve("packed-refs.lock"), "");
        assertThatThrownBy(() -> it.in(worktree).ownClone().offer())
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("packed-refs");
        Files.delete(clone.resolve("packed-refs.lock"));
        it.in(worktree).ownClone().offer();
    }
}

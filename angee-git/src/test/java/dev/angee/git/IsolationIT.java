package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.namesIn;
import static dev.angee.git.RealGit.script;
import static dev.angee.git.RealGit.write;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static dev.angee.git.Remote.WORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user whose git configuration is full of programs, in a JVM of its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class IsolationIT {
    @TempDir
    Path folder;

    private Remote remote;
    private Path home;
    private Path programs;
    private Path canary;

    @BeforeEach
    void makeAUser() throws Exception {
        remote = Remote.in(folder);
        canary = remote.folder().resolve("canary");
        home = Files.createDirectories(remote.folder().resolve("home"));
        programs = remote.folder().resolve("programs");
        for (String name : List.of("git", "sh", "bash", "gpg", "ssh", "git-upload-pack", "git-receive-pack")) {
            script(programs.resolve(name), canary);
        }
        Path config = home.resolve(".gitconfig");
        String program = programs.resolve("gpg").toString();
        for (String key : List.of(
                "core.fsmonitor",
                "core.sshCommand",
                "filter.x.clean",
                "filter.x.smudge",
                "filter.x.process",
                "gpg.program",
                "credential.helper",
                "remote.origin.uploadpack",
                "diff.external")) {
            git(folder, "config", "--file", config.toString(), key, program);
        }
        git(folder, "config", "--file", config.toString(), "commit.gpgSign", "true");
        git(folder, "config", "--file", config.toString(), "core.autocrlf", "true");
        git(
                folder,
                "config",
                "--file",
                config.toString(),
                "core.excludesFile",
                home.resolve("ignored").toString());
        git(
                folder,
                "config",
                "--file",
                config.toString(),
                "core.hooksPath",
                programs.resolve("hooks").toString());
        git(folder, "config", "--file", config.toString(), "user.name", "The Host");
        for (String hook : List.of("pre-commit", "commit-msg", "post-commit", "pre-push", "post-receive")) {
            script(programs.resolve("hooks").resolve(hook), canary);
        }
        write(home.resolve("ignored"), "n.txt\n");
        write(home.resolve(".config/git/ignore"), "n.txt\n");
        write(home.resolve(".config/git/attributes"), "* filter=x\n");
    }

    @Test
    void no_program_is_run_nothing_is_written_to_the_home_and_the_hosts_own_jgit_is_as_before() throws Exception {
        Path output = remote.folder().resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + home,
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                        "-Djava.io.tmpdir="
                                + Files.createDirectories(remote.folder().resolve("tmp")),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WholeCircle.class.getName(),
                        remote.folder().toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("GIT_SSH", programs.resolve("ssh").toString());
        builder.environment().put("GIT_DIR", "/nowhere");
        Process process = builder.start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS))
                .as("no thread keeps the JVM alive")
                .isTrue();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("changed [n.txt]", "host The Host");
        assertThat(canary).doesNotExist();
        assertThat(namesIn(home)).containsExactlyInAnyOrder(".gitconfig", "ignored", ".config");
        assertThat(namesIn(home.resolve(".config"))).containsExactly("git");
        assertThat(git(remote.origin(), "cat-file", "-p", WORK.fullName())).doesNotContain("gpgsig");
        assertThat(git(remote.origin(), "show", WORK.fullName() + ":n.txt")).isEqualTo("n");
    }

    /** What the other JVM does: everything there is. */
    static final class WholeCircle {
        private WholeCircle() {}

        public static void main(String[] arguments) throws Exception {
            haveThreadsThatKnowNothing();
            Remote remote = new Remote(Path.of(arguments[0]));
            SourceControl it = new JGitSourceControl();
            it.fetch(GitUrl.of(remote.origin().toString()), remote.cache(), FetchOptions.defaults());
            Worktree worktree = remote.add(it, "w", WORK);
            write(worktree.path().resolve("n.txt"), "n\n");
            System.out.println("changed " + it.in(worktree).status(MAIN).changed());
            it.in(worktree).commit("n", ANN);
            it.push(remote.cache(), WORK, PushOptions.defaults());
            it.in(worktree).merge(Revision.of(MAIN), MergeOptions.by(ANN));
            it.land(remote.cache(), WORK, MAIN, ANN, Credentials.none());
            it.fetch(GitUrl.of(remote.origin().toString()), remote.cache(), FetchOptions.defaults());
            it.removeWorktree(worktree, RemoveOptions.whatever());
            SystemReader host = SystemReader.getInstance();
            // The system's configuration would be asked for with the git program; only the user's is of interest here.
            System.out.println("host " + userNameOf(host));
        }

        /** JGit asks how exact file times are in a pool's threads, which may be older than our first call. */
        private static void haveThreadsThatKnowNothing() throws InterruptedException {
            CountDownLatch both = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    both.countDown();
                    try {
                        both.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            both.await(10, TimeUnit.SECONDS);
        }

        private static String userNameOf(SystemReader host) throws Exception {
            FileBasedConfig config = host.openUserConfig(null, FS.DETECTED);
            config.load();
            return config.getString("user", null, "name");
        }
    }
}

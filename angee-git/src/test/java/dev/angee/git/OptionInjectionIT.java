package dev.angee.git;

import static dev.angee.git.Remote.ANN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes from outside names a branch, a commit, a remote or a file, and nothing else. */
class OptionInjectionIT {
    @TempDir
    Path folder;

    private Remote remote;
    private Path canary;

    @BeforeEach
    void makeTheRemote() throws Exception {
        remote = Remote.in(folder);
        canary = remote.folder().resolve("canary");
    }

    static Stream<String> engines() {
        return Engines.names().stream();
    }

    /** With an option that was obeyed by the Go operator, for each of its three kinds. */
    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(
                "--exec=touch " + canary,
                "--receive-pack=touch " + canary,
                "--upload-pack=touch " + canary,
                "--output=" + canary,
                "-c",
                "-",
                "--",
                "main\nmain",
                "main\0",
                "a..b",
                "main@{0}",
                "@{u}",
                "@",
                "HEAD",
                "HEAD~1",
                "main^{tree}",
                ":/change",
                ":a.txt",
                "main:a.txt",
                "refs/heads/main",
                "../main",
                "a/../b",
                "a//b",
                "/a",
                "a/",
                ".a",
                "a.lock",
                "a b",
                "a\\b",
                "a*",
                ""));
        names.add("x".repeat(300));
        return names;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_is_no_name_is_refused_as_invalid_before_anything_is_run_S1(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        remote.fetch(control);
        Worktree worktree = remote.add(control, "w", BranchName.of("w"));
        CommitId head = control.in(worktree).status(Remote.MAIN).head();
        for (String name : names()) {
            refused(name, () -> control.in(worktree).rebase(Revision.of(name), MergeOptions.by(ANN)));
            refused(name, () -> control.in(worktree).merge(Revision.of(name), MergeOptions.by(ANN)));
            refused(name, () -> control.history(remote.cache()).resolve(Revision.of(name)));
            refused(name, () -> control.push(remote.cache(), BranchName.of(name), PushOptions.defaults()));
            refused(name, () -> PushOptions.defaults().to(BranchName.of(name)));
            refused(
                    name,
                    () -> control.land(remote.cache(), BranchName.of(name), Remote.MAIN, ANN, Credentials.none()));
        }
        for (String url : List.of(
                "--upload-pack=touch " + canary,
                "ext::sh -c touch% " + canary,
                "ssh://-oProxyCommand=touch/x",
                "-oProxyCommand=touch:x",
                "host:-x",
                "fd::7",
                "file:///x\ny",
                "relative/path",
                "../up",
                "https://user:secret@example.invalid/x")) {
            refused(
                    url,
                    () -> control.fetch(
                            GitUrl.of(url), remote.folder().resolve("c").resolve("x.git"), FetchOptions.defaults()));
            refused(url, () -> control.probe(GitUrl.of(url), Credentials.none()));
        }
        for (String path : List.of("../a.txt", "/etc/passwd", "a/../../b", "a\0b", "", ".", "..", "a//b")) {
            refused(path, () -> control.history(remote.cache()).file(head, path));
        }
        assertThat(Files.exists(canary)).as("canary").isFalse();
        assertThat(control.history(remote.cache()).file(head, "--output=" + canary))
                .isEmpty();
        assertThat(control.in(worktree).status(Remote.MAIN).changed()).isEmpty();
        assertThat(Files.exists(canary)).as("canary").isFalse();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_file_whose_name_is_an_option_is_a_file(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        remote.fetch(control);
        Worktree worktree = remote.add(control, "w", BranchName.of("w"));
        List<String> odd = List.of("--output=x", "-c", "a b\nc", "ä\"q\".txt", "sub/-x", ":(top)x", "*", "--");
        for (String name : odd) {
            RealGit.write(worktree.path().resolve(name), "text\n");
        }
        assertThat(control.in(worktree).status(Remote.MAIN).changed()).containsExactlyInAnyOrderElementsOf(odd);
        assertThat(control.in(worktree).changes().stream()
                        .map(each -> each.newPath().orElseThrow()))
                .containsExactlyInAnyOrderElementsOf(odd);
        CommitId commit = control.in(worktree).commit("odd names", ANN).orElseThrow();
        for (String name : odd) {
            assertThat(control.history(remote.cache()).file(commit, name))
                    .as(name)
                    .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("text\n"));
        }
        assertThat(control.in(worktree).status(Remote.MAIN).changed()).isEmpty();
    }

    private static void refused(String name, ThrowingCallable call) {
        assertThatThrownBy(call)
                .as("'" + name + "'")
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID));
    }
}

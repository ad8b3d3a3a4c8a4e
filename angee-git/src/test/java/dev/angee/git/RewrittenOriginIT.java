package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.Remote.ANN;
import static dev.angee.git.Remote.MAIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.secret.SecretValue;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.PushOptions;
import dev.angee.source.SourceControl;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who can write the cache can name another remote there; it is shown nothing. */
class RewrittenOriginIT {
    private static final BranchName WORK = BranchName.of("workspace/x");

    @TempDir
    Path folder;

    static List<String> engines() {
        return Engines.names();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void another_remote_in_the_cache_is_not_shown_the_credentials_of_the_first(String engine) throws Exception {
        SourceControl control = Engines.of(engine);
        Remote remote = Remote.in(folder);
        try (GitOverHttp server = new GitOverHttp(remote.folder(), "ann", "canary");
                GitOverHttp evil = new GitOverHttp(remote.folder(), "ann", "other")) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            Credentials shown = new Credentials.Password("ann", SecretValue.of("canary")).onlyFor(url);
            control.fetch(url, remote.cache(), FetchOptions.defaults().with(shown));
            remote.add(control, "w", WORK);
            CommitId head = control.history(remote.cache()).remoteBranch(MAIN).orElseThrow();
            git(remote.cache(), "config", "remote.origin.url", evil.url("origin.git"));
            refused(() ->
                    control.push(remote.cache(), WORK, PushOptions.defaults().with(shown)));
            refused(() -> control.land(remote.cache(), WORK, MAIN, ANN, shown));
            refused(() -> control.retract(remote.cache(), MAIN, head, head, shown));
            refused(() ->
                    control.fetch(url, remote.cache(), FetchOptions.defaults().with(shown)));
            assertThat(evil.authorizations()).isEmpty();
        }
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ConflictException.class);
    }
}

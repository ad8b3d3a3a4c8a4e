package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.contract.InMemorySecretStore;
import dev.angee.instance.Angee;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.SecretValue;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance whose manifest names the secret that opens a remote, which a real server asks for. */
class ManifestAuthIT {
    private static final String TOKEN = "t0ken-of-the-manifest";

    @TempDir
    Path folder;

    @Test
    void a_remote_behind_a_password_is_fetched_with_the_secret_that_the_manifest_names_R27() throws Exception {
        Remote remote = Remote.in(folder);
        Path root = Files.createDirectory(remote.folder().resolve("root"));
        SecretStore store = new InMemorySecretStore();
        try (GitOverHttp server = new GitOverHttp(remote.folder(), "x-access-token", TOKEN)) {
            GitUrl url = GitUrl.of(server.url("origin.git"));
            write(
                    root.resolve("angee.yaml"),
                    "name: x\nsecrets: { token: {} }\nsources:\n  app: { kind: git, repo: '" + url
                            + "', auth: { mode: token, token_secret: token } }\n");
            try (Angee angee = Angee.builder(root)
                    .sourceControl(new JGitSourceControl())
                    .secretStore(store)
                    .stateFolder(remote.folder().resolve("state"))
                    .build()) {
                Path cache = angee.root().resolve("sources/app");
                // As a workspace's creation would make it, without the template that this takes.
                new JGitSourceControl().fetch(remote.url(), cache, FetchOptions.defaults());
                git(cache, "remote", "set-url", "origin", url.value());
                write(remote.others().resolve("new.txt"), "new\n");
                remote.commitAll();
                String now = git(remote.origin(), "rev-parse", "main");
                for (String wrong : List.of("another", "t0ken")) {
                    store.put(new SecretName("token"), SecretValue.of(wrong));
                    assertThatThrownBy(() -> angee.gitops().fetch()).hasMessageContaining("credentials");
                }
                store.put(new SecretName("token"), SecretValue.of(TOKEN));
                angee.gitops().fetch();
                assertThat(git(cache, "rev-parse", "refs/remotes/origin/main")).isEqualTo(now);
            }
        }
        assertWrittenNowhere(root);
    }

    private static void assertWrittenNowhere(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(TOKEN);
            }
        }
    }
}

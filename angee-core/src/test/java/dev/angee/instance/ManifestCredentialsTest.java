package dev.angee.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.contract.InMemorySecretStore;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretDeclaration;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import dev.angee.secret.UnresolvedSecretsException;
import dev.angee.source.CredentialSource;
import dev.angee.source.Credentials;
import dev.angee.source.GitUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What remotes are shown when a manifest says so, and the embedder does not. */
class ManifestCredentialsTest {
    private static final GitUrl APP = GitUrl.of("https://example.org/app.git");
    private static final GitUrl LIB = GitUrl.of("git@example.org:lib.git");
    private static final String HEAD = "name: x\nsecrets: { token: {}, other: {}, key: {} }\nsources:\n";

    private static final String APP_WITH_TOKEN =
            "  app: { kind: git, repo: 'https://example.org/app.git', auth: { mode: token, token_secret: token } }\n";

    @TempDir
    Path root;

    private final SecretStore store = new InMemorySecretStore();

    private CredentialSource source(Map<String, String> environment) {
        Secrets secrets = Secrets.of(
                store, List.of(declared("token"), declared("other"), declared("key")), environment, new Random(1));
        return new ManifestCredentials(StackLayout.of(root), () -> secrets, environment);
    }

    private static SecretDeclaration declared(String name) {
        return SecretDeclaration.of(new SecretName(name));
    }

    private void manifest(String sources) throws Exception {
        Files.writeString(root.resolve("angee.yaml"), HEAD + sources);
    }

    private void put(String name, String value) {
        store.put(new SecretName(name), SecretValue.of(value));
    }

    @Test
    void a_token_is_shown_to_the_remote_of_its_source_with_the_value_it_has_at_the_call_R27() throws Exception {
        manifest(APP_WITH_TOKEN + "  lib: { kind: git, repo: 'git@example.org:lib.git' }\n");
        CredentialSource source = source(Map.of());
        for (String value : List.of("first", "second")) {
            put("token", value);
            assertThat(source.of(APP)).isInstanceOfSatisfying(Credentials.Password.class, shown -> {
                assertThat(shown.user()).isEqualTo("x-access-token");
                assertThat(shown.password().reveal()).isEqualTo(value);
                assertThat(shown.toString()).doesNotContain(value);
            });
        }
        assertThat(source.of(LIB)).isEqualTo(Credentials.none());
        assertThat(source.of(GitUrl.of("https://elsewhere.example.org/app.git")))
                .isEqualTo(Credentials.none());
        manifest("  app: { kind: git, repo: 'https://example.org/app.git' }\n");
        assertThat(source.of(APP)).isEqualTo(Credentials.none());
    }

    @Test
    void a_key_trusts_the_hosts_of_the_root_or_of_the_home_and_else_none_R27() throws Exception {
        put("key", "a key\n");
        String lib = "  lib: { kind: git, repo: 'git@example.org:lib.git', auth: { mode: ssh, ssh_key_secret: key";
        manifest(lib + ", known_hosts: etc/hosts } }\n");
        assertThat(source(Map.of()).of(LIB)).isInstanceOfSatisfying(Credentials.SshKey.class, shown -> {
            assertThat(shown.key().reveal()).isEqualTo("a key\n");
            assertThat(shown.knownHosts()).isEqualTo(StackLayout.of(root).root().resolve("etc/hosts"));
        });
        manifest(lib + " } }\n");
        assertThat(source(Map.of("HOME", "/home/ann")).of(LIB))
                .isInstanceOfSatisfying(
                        Credentials.SshKey.class,
                        shown -> assertThat(shown.knownHosts()).isEqualTo(Path.of("/home/ann/.ssh/known_hosts")));
        assertThatThrownBy(() -> source(Map.of()).of(LIB))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("known_hosts");
    }

    @Test
    void a_secret_without_a_value_is_named_and_nothing_is_shown_instead() throws Exception {
        manifest(APP_WITH_TOKEN);
        assertThatThrownBy(() -> source(Map.of()).of(APP))
                .isInstanceOf(UnresolvedSecretsException.class)
                .hasMessageContaining("token");
    }

    @Test
    void sources_of_one_remote_that_want_it_shown_different_things_are_refused() throws Exception {
        String same = ", repo: 'https://example.org/app.git', auth: { mode: token, token_secret: ";
        manifest("  a: { kind: git" + same + "token } }\n  b: { kind: git" + same + "other } }\n");
        assertThatThrownBy(() -> source(Map.of()).of(APP)).isInstanceOf(ConflictException.class);
    }
}

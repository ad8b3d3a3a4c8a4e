package dev.angee.instance;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SourceAuth;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import dev.angee.source.CredentialSource;
import dev.angee.source.Credentials;
import dev.angee.source.GitUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the sources of a root's manifest say that their remotes are shown; looked up anew each time. */
final class ManifestCredentials implements CredentialSource {
    private final StackLayout layout;
    private final Supplier<Secrets> secrets;
    private final Map<String, String> environment;
    private final ManifestReader reader = new ManifestReader();

    ManifestCredentials(StackLayout layout, Supplier<Secrets> secrets, Map<String, String> environment) {
        this.layout = layout;
        this.secrets = secrets;
        this.environment = environment;
    }

    @Override
    public Credentials of(GitUrl remote) {
        List<SourceAuth> wanted = reader.read(layout.manifest()).sources().values().stream()
                .filter(source -> source.repo().equals(Optional.of(remote.value())))
                .flatMap(source -> source.auth().stream())
                .distinct()
                .toList();
        if (wanted.size() > 1) {
            throw new ConflictException(
                    "remote",
                    remote.value(),
                    "is to be shown different things by several sources of " + layout.manifest()
                            + "; give them the same 'auth'");
        }
        return wanted.isEmpty() ? Credentials.none() : shown(wanted.get(0));
    }

    private Credentials shown(SourceAuth auth) {
        SecretName name = new SecretName(auth.secret());
        SecretValue value = secrets.get()
                .resolve(Set.of(name))
                .find(name)
                .orElseThrow(() -> new NotFoundException("secret", name.value(), "it has no value; set it"));
        return switch (auth.mode()) {
            case TOKEN -> Credentials.token(value);
            case SSH -> new Credentials.SshKey(value, knownHosts(auth));
        };
    }

    private Path knownHosts(SourceAuth auth) {
        if (auth.knownHosts().isPresent()) {
            return layout.root().resolve(auth.knownHosts().get()).normalize();
        }
        String home = environment.getOrDefault("HOME", "");
        if (!home.startsWith("/")) {
            throw new InvalidInputException(
                    "known_hosts", "nobody says which hosts are trusted: write 'known_hosts', as there is no HOME");
        }
        return Path.of(home, ".ssh", "known_hosts");
    }
}

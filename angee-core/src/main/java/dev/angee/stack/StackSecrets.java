package dev.angee.stack;

import dev.angee.manifest.Manifest;
import dev.angee.manifest.SecretSpec;
import dev.angee.manifest.SecretsBackendSpec;
import dev.angee.plan.Workload;
import dev.angee.resolve.EnvFiles;
import dev.angee.resolve.StackLayout;
import dev.angee.secret.EnvFileStore;
import dev.angee.secret.OpenBaoSettings;
import dev.angee.secret.OpenBaoStore;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretDeclaration;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.Secrets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The secrets of one manifest: where they are kept, and the values for what is to be started. */
final class StackSecrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final StackLayout layout;
    private final StackContext context;

    StackSecrets(StackLayout layout, StackContext context) {
        this.layout = layout;
        this.context = context;
    }

    /** The secrets that a manifest declares. */
    Secrets of(Manifest manifest) {
        List<SecretDeclaration> declarations = new ArrayList<>();
        for (SecretSpec spec : manifest.secrets().values()) {
            declarations.add(new SecretDeclaration(
                    new SecretName(spec.name()),
                    spec.generated(),
                    spec.length(),
                    spec.required(),
                    spec.importFrom().map(variable -> "env:" + variable)));
        }
        return Secrets.of(store(manifest.secretsBackend()), declarations, context.environment(), RANDOM);
    }

    private SecretStore store(SecretsBackendSpec backend) {
        SecretStore own = own(backend);
        return context.lender().map(own::borrowing).orElse(own);
    }

    private SecretStore own(SecretsBackendSpec backend) {
        if (context.secretStore().isPresent()) {
            return context.secretStore().get();
        }
        Optional<Path> envFile = layout.secrets(backend);
        if (envFile.isPresent()) {
            return EnvFileStore.at(envFile.get(), layout.run().resolve("secrets.lock"));
        }
        Map<String, String> declared = new TreeMap<>();
        backend.address().ifPresent(value -> declared.put("address", value));
        backend.mount().ifPresent(value -> declared.put("mount", value));
        backend.path().ifPresent(value -> declared.put("path", value));
        backend.token().ifPresent(value -> declared.put("token", value));
        return OpenBaoStore.at(OpenBaoSettings.of(declared, context.environment()));
    }

    /** The values that some workloads need: those given, else from their env files and the store. */
    ResolvedSecrets values(Manifest manifest, Collection<Workload> workloads, ResolvedSecrets given) {
        Set<SecretName> stored = new TreeSet<>();
        boolean fromFiles = false;
        for (Workload workload : workloads) {
            for (SecretName name : workload.secrets()) {
                if (given.find(name).isEmpty()) {
                    boolean declared = manifest.secrets().containsKey(name.value());
                    fromFiles |= !declared;
                    if (declared) {
                        stored.add(name);
                    }
                }
            }
        }
        ResolvedSecrets values =
                fromFiles ? given.orElse(new EnvFiles(manifest, layout, context.secretKeeper()).values()) : given;
        return stored.isEmpty() ? values : values.orElse(of(manifest).resolve(stored));
    }
}

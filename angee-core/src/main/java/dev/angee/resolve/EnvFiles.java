package dev.angee.resolve;

import com.google.common.hash.Hashing;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.Confinement;
import dev.angee.secret.EnvVariables;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The env files that workloads name. What such a file holds is often secret, so a plan knows its variables by name only,
 * each as a secret of its own; the values are read again when they are handed over.
 */
public final class EnvFiles {
    private static final int HASH_LENGTH = 8;

    private final Manifest manifest;
    private final StackLayout layout;
    private final SecretKeeper keeper;

    /** The env files of one manifest. */
    public EnvFiles(Manifest manifest, StackLayout layout, SecretKeeper keeper) {
        this.manifest = manifest;
        this.layout = layout;
        this.keeper = keeper;
    }

    /** The variables of each workload, by its manifest path, and the secrets that their values are. Adds problems. */
    Map<String, Map<String, SecretName>> names(List<Problem> problems) {
        Map<String, Map<String, SecretName>> all = new TreeMap<>();
        eachFile(
                (spec, variables) -> variables
                        .keySet()
                        .forEach(variable -> all.computeIfAbsent(spec.path(), path -> new TreeMap<>())
                                .put(variable, name(spec, variable))),
                problems::add);
        return all;
    }

    /**
     * The values of all variables in all env files, under the secrets that stand for them in a plan.
     *
     * @throws AngeeException {@code INVALID} if a file is not there any more, or cannot be understood
     */
    public ResolvedSecrets values() {
        Map<SecretName, SecretValue> values = new TreeMap<>();
        eachFile(
                (spec, variables) -> variables.forEach((variable, value) -> values.put(name(spec, variable), value)),
                problem -> {
                    throw new InvalidDocumentException(List.of(problem));
                });
        return ResolvedSecrets.of(values);
    }

    private void eachFile(BiConsumer<WorkloadSpec, Map<String, SecretValue>> reader, Consumer<Problem> problems) {
        for (Map<String, WorkloadSpec> specs : List.of(manifest.services(), manifest.jobs())) {
            for (WorkloadSpec spec : specs.values()) {
                for (int i = 0; i < spec.envFiles().size(); i++) {
                    try {
                        reader.accept(
                                spec, EnvVariables.read(checked(spec.envFiles().get(i))));
                    } catch (AngeeException e) {
                        problems.accept(manifest.problemAt(
                                spec.path() + ".env_file[" + i + "]", String.valueOf(e.getMessage())));
                    }
                }
            }
        }
    }

    /** Who works in a source or a workspace decides what lies there, and nothing about what lies elsewhere. */
    private Path checked(String named) {
        Path file = layout.envFile(named);
        Confinement.linkWithin(file, foldersOfOthers()).ifPresent(link -> {
            throw refused(
                    "it passes through the link " + link + ", in a folder where others work; name the file itself");
        });
        if (isSecretsFile(file)) {
            throw refused("it is where this stack keeps its secrets; name those that are needed in 'env',"
                    + " as ${secret.<name>}");
        }
        return file;
    }

    private List<Path> foldersOfOthers() {
        List<Path> folders = new ArrayList<>();
        manifest.sources().values().forEach(source -> folders.add(layout.source(source)));
        manifest.workspaces().keySet().forEach(name -> folders.add(layout.workspace(name)));
        return folders;
    }

    /** By whatever name: a link that leads there, or a second name of the same file. */
    private boolean isSecretsFile(Path file) {
        Optional<Path> secrets = layout.secrets(manifest.secretsBackend(), keeper);
        try {
            if (secrets.isEmpty() || file.equals(secrets.get())) {
                return secrets.isPresent();
            }
            return Files.exists(file) && Files.exists(secrets.get()) && Files.isSameFile(file, secrets.get());
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot tell it from " + secrets.get() + ": " + e.getMessage(), e);
        }
    }

    private static AngeeException refused(String reason) {
        return new AngeeException(ErrorCode.INVALID, reason);
    }

    /** The end of it keeps the variables of {@code a.b-c} and {@code a-b.c} apart. */
    private static SecretName name(WorkloadSpec spec, String variable) {
        String hash = Hashing.sha256()
                .hashString(spec.path() + "\0" + variable, StandardCharsets.UTF_8)
                .toString()
                .substring(0, HASH_LENGTH);
        return new SecretName("envfile." + spec.name() + "." + variable + "." + hash);
    }
}

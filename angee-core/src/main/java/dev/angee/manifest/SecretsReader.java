package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.secret.SecretName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code secrets} and {@code secrets_backend}. */
final class SecretsReader {
    private static final int STANDARD_LENGTH = 32;
    private static final int LONGEST = 4096;
    private static final Pattern IMPORT = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)");

    private SecretsReader() {}

    static Optional<SecretsBackendSpec> backend(MappingReader backend) {
        boolean bao = backend.word("type", List.of("env-file", "openbao"))
                .filter("openbao"::equals)
                .isPresent();
        SecretsBackendSpec spec = new SecretsBackendSpec(
                bao ? SecretsBackendSpec.Type.OPENBAO : SecretsBackendSpec.Type.ENV_FILE,
                backend.text("path"),
                backend.text("address"),
                backend.text("mount"),
                backend.text("token"));
        for (String key : List.of("address", "mount", "token")) {
            if (!bao && backend.has(key)) {
                backend.problem(key, "belongs to 'type: openbao'");
            }
        }
        return Optional.of(spec);
    }

    static Optional<SecretSpec> secret(String name, MappingReader entry) {
        boolean generated = entry.flag("generated");
        boolean required = entry.flag("required");
        int given = entry.integer("length", 0, LONGEST).orElse(0);
        int length = given == 0 ? STANDARD_LENGTH : given;
        Optional<String> from = entry.form(
                "import",
                text -> Optional.of(text)
                        .map(IMPORT::matcher)
                        .filter(m -> m.matches())
                        .map(m -> m.group(1)),
                "an import such as 'env:NAME', NAME being an environment variable");
        if (!SecretName.isValid(name)) {
            entry.problem(
                    "",
                    "cannot be the name of a secret: 1 to 256 letters, digits, '.', '_' and '-', with a letter or"
                            + " digit among them");
            return Optional.empty();
        }
        return Optional.of(new SecretSpec(name, generated, length, required, from));
    }
}

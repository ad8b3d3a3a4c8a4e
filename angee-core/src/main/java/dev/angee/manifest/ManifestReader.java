package dev.angee.manifest;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.Problems;
import dev.angee.internal.yaml.YamlDocument;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads {@code angee.yaml} strictly: unknown keys, wrong types, names that are not declared, clashes and cycles are
 * problems, and one pass reports all of them. Pure and thread-safe.
 */
public final class ManifestReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final YamlLimits limits;

    /** A reader of documents within the standard limits. */
    public ManifestReader() {
        this(YamlLimits.standard());
    }

    /** A reader of documents within these limits; larger ones are refused. */
    public ManifestReader(YamlLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads the manifest of a root.
     *
     * @param file the file to read
     * @throws NotFoundException if there is no such file
     * @throws ConflictException if it is no plain file
     * @throws InvalidDocumentException if anything is wrong with what it says
     */
    public Manifest read(Path file) {
        ManifestFile manifest = ManifestFile.of(file);
        return read(manifest.name(), manifest.text(manifest.bytes(limits)));
    }

    /**
     * Reads a manifest's text.
     *
     * @param file what to call it in problems
     * @param text its content
     * @throws InvalidDocumentException if anything is wrong with what it says
     */
    public Manifest read(String file, String text) {
        Problems problems = new Problems(file);
        MappingReader root = new MappingReader(YamlDocument.parse(file, text, limits), "", problems);
        OptionalInt version = root.integer("version", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (version.isPresent() && version.getAsInt() != 1 && version.getAsInt() != 0) {
            root.problem("version", "version " + version.getAsInt() + " is not supported; this reader knows version 1");
        }
        root.word("kind", List.of("stack"));
        String name = root.required("name").orElse("");
        Manifest manifest = new Manifest(
                file,
                name,
                root.map("template", HostReader::template).orElse(HostReader.NO_TEMPLATE),
                root.map("operator", HostReader::operator).orElse(HostReader.NO_OPERATOR),
                root.map("secrets_backend", SecretsReader::backend).orElse(SecretsBackendSpec.standard()),
                root.map("ingress", IngressReader::read).orElse(IngressSpec.none()),
                root.entries("secrets", SecretsReader::secret),
                root.entries("ports", ResourceReader::port),
                root.entries("volumes", ResourceReader::volume),
                ResourceReader.persist(root),
                root.entries("sources", ResourceReader::source),
                root.entries("workspaces", WorkspaceReader::workspace),
                root.entries("services", WorkloadReader::service),
                root.entries("jobs", WorkloadReader::job),
                WorkspaceReader.leases(root, problems),
                Map.of());
        root.unbuilt("files", "remove it; files can be read and written without a list for now");
        root.finish();
        Manifest placed = manifest.withPlaces(new LinkedHashMap<>(problems.places()));
        new ReferenceCheck(placed, problems).run();
        new ClashCheck(placed, problems).run();
        problems.throwIfAny();
        return placed;
    }

    /**
     * Reads where a manifest keeps its secrets, and nothing else of it.
     *
     * @param file what to call it in problems
     * @param text its content
     * @throws InvalidDocumentException if it is no YAML, or that cannot be read
     */
    public SecretsBackendSpec secretsBackend(String file, String text) {
        Problems problems = new Problems(file);
        MappingReader root = new MappingReader(YamlDocument.parse(file, text, limits), "", problems);
        SecretsBackendSpec backend =
                root.map("secrets_backend", SecretsReader::backend).orElse(SecretsBackendSpec.standard());
        problems.throwIfAny();
        return backend;
    }

    /** Whether a text can be the name of a service, job, source, workspace, slot, volume or pool. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.contains("..") && !name.endsWith(".") && !name.endsWith(".lock");
    }

    static boolean checkName(String name, MappingReader entry) {
        if (isName(name)) {
            return true;
        }
        entry.problem(
                "",
                "'" + YamlDocument.shorten(name) + "' cannot be a name: letters, digits, '.', '_' and '-', beginning "
                        + "with a letter or digit, at most 63 characters, no '..', no '.' or '.lock' at the end");
        return false;
    }
}

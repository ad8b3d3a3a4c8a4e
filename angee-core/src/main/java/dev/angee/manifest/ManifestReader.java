package dev.angee.manifest;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.Problems;
import dev.angee.internal.yaml.YamlDocument;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code angee.yaml} strictly: unknown keys, wrong types, names that are not declared and cycles are problems,
 * and one pass reports all of them. Pure and thread-safe.
 */
public final class ManifestReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,5})\\s*-\\s*(\\d{1,5})\\s*");
    private static final int HIGHEST_PORT = 65535;

    /** A reader; it has no state. */
    public ManifestReader() {}

    /**
     * Reads the manifest of a root.
     *
     * @param file the file to read
     * @throws NotFoundException if there is no such file
     * @throws InvalidDocumentException if anything is wrong with what it says
     */
    public Manifest read(Path file) {
        try {
            if (Files.size(file) > YamlDocument.LONGEST) {
                throw new InvalidDocumentException(List.of(new Problem(
                        fileName(file),
                        1,
                        1,
                        "",
                        "the file is larger than " + YamlDocument.LONGEST / 1024 / 1024 + " MiB")));
            }
            return read(fileName(file), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new NotFoundException("manifest", file.toString(), "a root is a folder with an angee.yaml in it");
        } catch (CharacterCodingException e) {
            throw new InvalidDocumentException(
                    List.of(new Problem(fileName(file), 1, 1, "", "the file is not UTF-8 text")));
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
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
        MappingReader root = new MappingReader(YamlDocument.parse(file, text), "", problems);
        OptionalInt version = root.integer("version", 1, Integer.MAX_VALUE);
        if (version.isPresent() && version.getAsInt() != 1) {
            root.problem("version", "version " + version.getAsInt() + " is not supported; this reader knows version 1");
        }
        root.word("kind", List.of("stack"));
        String name = root.required("name").orElse("");
        MappingReader operator = root.map("operator");
        Map<String, PoolSpec> pools = operator.entries("port_pool", ManifestReader::pool);
        List.of("url", "domain", "token_secret", "template_paths", "workspace_pool")
                .forEach(key -> operator.unbuilt(key, "remove it"));
        operator.finish();
        Map<String, Integer> ports = root.entries("ports", ManifestReader::port);
        Map<String, String> volumes = root.entries("volumes", ManifestReader::volume);
        Map<String, SourceSpec> sources = root.entries("sources", ManifestReader::source);
        Map<String, WorkspaceSpec> workspaces = root.entries("workspaces", ManifestReader::workspace);
        Map<String, WorkloadSpec> services = root.entries("services", WorkloadReader::service);
        Map<String, WorkloadSpec> jobs = root.entries("jobs", WorkloadReader::job);
        for (String key : List.of("template", "secrets_backend", "ingress", "secrets", "persist", "port_leases")) {
            root.unbuilt(key, "remove it");
        }
        root.finish();
        Manifest manifest = new Manifest(
                file,
                name,
                pools,
                ports,
                new TreeSet<>(volumes.keySet()),
                sources,
                workspaces,
                services,
                jobs,
                new LinkedHashMap<>(problems.places()));
        new ReferenceCheck(manifest, problems).run();
        problems.throwIfAny();
        return manifest;
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
                "'" + name + "' cannot be a name: letters, digits, '.', '_' and '-', beginning with a letter "
                        + "or digit, at most 63 characters, no '..'");
        return false;
    }

    private static Optional<PoolSpec> pool(String name, MappingReader entry) {
        boolean named = checkName(name, entry);
        Optional<String> range = entry.required("range");
        if (range.isEmpty()) {
            return Optional.empty();
        }
        Matcher ends = RANGE.matcher(range.get());
        int first = ends.matches() ? Integer.parseInt(ends.group(1)) : 0;
        int last = first == 0 ? 0 : Integer.parseInt(ends.group(2));
        if (first < 1 || last < first || last > HIGHEST_PORT) {
            entry.problem("range", "'" + range.get() + "' is not a range of ports such as 8100-8199");
            return Optional.empty();
        }
        return named ? Optional.of(new PoolSpec(name, first, last)) : Optional.empty();
    }

    private static Optional<Integer> port(String name, MappingReader entry) {
        boolean named = checkName(name, entry);
        OptionalInt value = entry.integer("value", 1, HIGHEST_PORT);
        if (value.isEmpty() && entry.value("value").isEmpty()) {
            entry.problem("", "'value' is missing");
        }
        List.of("export_env", "aliases").forEach(key -> entry.unbuilt(key, "use ${ports." + name + "} in env instead"));
        return named && value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private static Optional<String> volume(String name, MappingReader entry) {
        boolean named = checkName(name, entry);
        entry.word("driver", List.of("local"));
        entry.unbuilt("path", "remove it");
        return named ? Optional.of(name) : Optional.empty();
    }

    private static Optional<SourceSpec> source(String name, MappingReader entry) {
        boolean named = checkName(name, entry);
        Optional<String> kind =
                entry.required("kind").isPresent() ? entry.word("kind", List.of("git", "local")) : Optional.empty();
        Optional<String> repo = entry.text("repo");
        Optional<String> path = entry.text("path");
        Optional<String> ref = entry.text("default_ref");
        Optional<String> cache = entry.text("cache_path");
        List.of("url", "auth", "git", "checksum").forEach(key -> entry.unbuilt(key, "remove it"));
        if (kind.isEmpty() || !named) {
            return Optional.empty();
        }
        SourceKind what = kind.get().equals("git") ? SourceKind.GIT : SourceKind.LOCAL;
        boolean git = what == SourceKind.GIT;
        entry.value(git ? "path" : "repo")
                .ifPresent(value ->
                        entry.problem(git ? "path" : "repo", "belongs to a source of kind " + (git ? "local" : "git")));
        if ((git ? repo : path).isEmpty()) {
            entry.problem("", "a source of kind " + kind.get() + " needs '" + (git ? "repo" : "path") + "'");
        }
        return Optional.of(new SourceSpec(name, what, repo, path, ref, cache));
    }

    private static Optional<WorkspaceSpec> workspace(String name, MappingReader entry) {
        boolean named = checkName(name, entry);
        Optional<String> template = entry.required("template");
        Map<String, String> inputs = entry.textMap("inputs");
        entry.unbuilt("sources", "its template says which sources it has");
        List.of("resolved", "ttl", "ttl_expires_at").forEach(key -> entry.unbuilt(key, "remove it"));
        return named && template.isPresent()
                ? Optional.of(new WorkspaceSpec(name, template.get(), inputs))
                : Optional.empty();
    }

    private static String fileName(Path file) {
        return String.valueOf(file.getFileName());
    }
}

package dev.angee.service;

import dev.angee.InvalidInputException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.NewValue;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What a template of a service renders as {@code service.yaml}: one service, and jobs that are its own. */
final class ServiceDocument {
    static final String PATH = "service.yaml";
    private static final String SERVICES = "services";
    private static final String JOBS = "jobs";
    private static final Set<String> IGNORED = Set.of("version", "kind", "name");

    private ServiceDocument() {}

    /**
     * The part of it that becomes part of the manifest, as a document of its own.
     *
     * @throws InvalidInputException if it holds anything else, or what is not this service's
     */
    static String entries(String template, String service, byte[] rendered) {
        String text = text(template, rendered);
        YamlSource source = YamlSource.parse(template + "/" + PATH, text, YamlLimits.standard());
        YamlValue.Fields root = (YamlValue.Fields) YamlValue.of(source.root());
        for (String key : root.fields().keySet()) {
            if (!key.equals(SERVICES) && !key.equals(JOBS) && !IGNORED.contains(key)) {
                throw refused(template, "has '" + key + "'; it may have 'services' with one service, and 'jobs'");
            }
        }
        Map<String, YamlValue> services = fields(template, root, SERVICES);
        if (!services.keySet().equals(Set.of(service))) {
            throw refused(
                    template,
                    "has services " + services.keySet() + "; it has to have one, called '" + service
                            + "' by the value of service_name");
        }
        Map<String, YamlValue> jobs = fields(template, root, JOBS);
        for (String job : jobs.keySet()) {
            if (!job.startsWith(service + "-")) {
                throw refused(template, "has job '" + job + "'; its jobs are called '" + service + "-…'");
            }
        }
        services.forEach((name, entry) -> requireOwnContext(template, service, SERVICES + "." + name, entry));
        jobs.forEach((name, entry) -> requireOwnContext(template, service, JOBS + "." + name, entry));
        requireWellFormed(template + "/" + PATH, text);
        return entries(source);
    }

    /** Tells a fault where the template has it. What has to do with the rest of a manifest is told when it stands in one. */
    private static void requireWellFormed(String file, String text) {
        try {
            Manifest unused = new ManifestReader().read(file, text);
        } catch (InvalidDocumentException e) {
            List<Problem> own = e.problems().stream()
                    .filter(problem -> problem.kind() != Problem.Kind.MEANING)
                    .filter(problem -> problem.path().startsWith(SERVICES + ".")
                            || problem.path().startsWith(JOBS + "."))
                    .toList();
            if (!own.isEmpty()) {
                throw new InvalidDocumentException(own);
            }
        }
    }

    /** The same of one that was taken once. */
    static String entries(String document) {
        return entries(YamlSource.parse(PATH, document, YamlLimits.standard()));
    }

    /** By taking the rest away: what stays keeps its layout and its comments. */
    private static String entries(YamlSource source) {
        YamlSource result = source;
        for (String key : IGNORED) {
            if (YamlEdit.at(result.root(), List.of(key)).isPresent()) {
                result = YamlEdit.remove(result, List.of(key), YamlLimits.standard())
                        .source();
            }
        }
        return result.text();
    }

    /** One entry of a manifest, as a document of its own. */
    static String entry(String manifest, List<String> path) {
        YamlSource source = YamlSource.parse("angee.yaml", manifest, YamlLimits.standard());
        YamlSource nothing = YamlSource.parse(PATH, "{}\n", YamlLimits.standard());
        return YamlEdit.at(source.root(), path)
                .map(node -> YamlEdit.put(nothing, path, NewValue.of(source, node), YamlLimits.standard())
                        .source())
                .orElse(nothing)
                .text();
    }

    /** The jobs in a document. */
    static Set<String> jobs(String document) {
        YamlSource source = YamlSource.parse(PATH, document, YamlLimits.standard());
        return Optional.ofNullable(((YamlValue.Fields) YamlValue.of(source.root()))
                        .fields()
                        .get(JOBS))
                .filter(YamlValue.Fields.class::isInstance)
                .map(jobs -> new TreeSet<>(((YamlValue.Fields) jobs).fields().keySet()))
                .orElseGet(TreeSet::new);
    }

    /** Whether a number shows in the entries of a service in a manifest, or of its jobs. */
    static boolean mentions(String manifest, String service, String number) {
        Pattern shown = Pattern.compile("(?<!\\d)" + number + "(?!\\d)");
        YamlSource source = YamlSource.parse(PATH, manifest, YamlLimits.standard());
        List<List<String>> entries = new ArrayList<>(List.of(List.of(SERVICES, service)));
        jobs(manifest).stream()
                .filter(job -> job.startsWith(service + "-"))
                .forEach(job -> entries.add(List.of(JOBS, job)));
        return entries.stream()
                .flatMap(path -> YamlEdit.at(source.root(), path).stream())
                .anyMatch(node -> mentions(YamlValue.of(node), shown));
    }

    private static boolean mentions(YamlValue value, Pattern shown) {
        if (value instanceof YamlValue.Fields map) {
            return map.fields().entrySet().stream()
                    .anyMatch(each -> shown.matcher(each.getKey()).find() || mentions(each.getValue(), shown));
        }
        if (value instanceof YamlValue.Items list) {
            return list.items().stream().anyMatch(each -> mentions(each, shown));
        }
        return shown.matcher(((YamlValue.Text) value).text()).find();
    }

    private static Map<String, YamlValue> fields(String template, YamlValue.Fields root, String section) {
        YamlValue value = root.fields().get(section);
        if (value == null || value.isNull()) {
            return Map.of();
        }
        if (value instanceof YamlValue.Fields map) {
            return map.fields();
        }
        throw refused(template, "has something else than a map as its '" + section + "'");
    }

    /** An image is built from what the template has put there, and from nothing else of this host. */
    private static void requireOwnContext(String template, String service, String path, YamlValue entry) {
        YamlValue build = entry instanceof YamlValue.Fields map ? map.fields().get("build") : null;
        YamlValue context = build instanceof YamlValue.Fields map ? map.fields().get("context") : build;
        if (context == null) {
            return;
        }
        String text = context instanceof YamlValue.Text scalar ? scalar.text() : "";
        String folder = SERVICES + "/" + service;
        boolean odd = text.isBlank() || text.startsWith("/") || text.indexOf('\0') >= 0;
        if (odd || !Path.of(text).normalize().startsWith(folder)) {
            throw refused(
                    template,
                    "builds " + path + " from '" + text.replace('\0', '?') + "'; the context has to be '" + folder
                            + "' or a folder below it");
        }
    }

    private static String text(String template, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused(template, "is not UTF-8 text");
        }
    }

    private static InvalidInputException refused(String template, String why) {
        return new InvalidInputException("template", "'" + template + "': " + PATH + " " + why);
    }
}

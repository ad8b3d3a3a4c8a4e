package dev.angee.resolve;

import dev.angee.document.Place;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.secret.SecretName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the expressions of one manifest can name, and where each value comes from. */
final class NameTable {
    private final Manifest manifest;
    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> origins = new HashMap<>();

    NameTable(Manifest manifest, Surroundings surroundings) {
        this.manifest = manifest;
        manifest.ports().forEach((name, port) -> put("ports." + name, port.toString(), "ports." + name + ".value"));
        surroundings.allocations().forEach((pool, port) -> {
            values.put("alloc." + pool, port.toString());
            origins.put("alloc." + pool, "a port leased from pool '" + pool + "'");
        });
        put("operator.url", manifest.operator().url().orElse(""), "operator.url");
        put("operator.domain", manifest.operator().domain().orElse(""), "operator.domain");
        inputs(surroundings.inputs());
    }

    /** What is not given stands as it is written: such a job can be printed, and is run only with its inputs. */
    private void inputs(Map<String, String> given) {
        Set<String> names = new TreeSet<>(given.keySet());
        manifest.jobs().values().forEach(job -> names.addAll(job.inputs()));
        for (String name : names) {
            values.put("inputs." + name, given.getOrDefault(name, "${inputs." + name + "}"));
            origins.put("inputs." + name, "an input of the run");
        }
    }

    /** Folders by name, each also with {@code .path} behind the name. */
    void folders(String namespace, String section, Map<String, Path> folders) {
        folders.forEach((name, folder) -> {
            put(namespace + name, folder.toString(), section + name);
            put(namespace + name + ".path", folder.toString(), section + name);
        });
    }

    /** A value, and the manifest path that says it. */
    void put(String reference, String value, String writtenAt) {
        values.put(reference, value);
        origins.put(reference, place(writtenAt));
    }

    Scope scope() {
        Set<SecretName> secrets = new TreeSet<>();
        manifest.secrets().keySet().forEach(name -> secrets.add(new SecretName(name)));
        return Scope.of(values).withSecrets(secrets);
    }

    Map<String, String> origins() {
        manifest.secrets().keySet().forEach(name -> origins.put("secret." + name, place("secrets." + name)));
        return origins;
    }

    private String place(String path) {
        Place place = manifest.place(path);
        return manifest.file() + ":" + place.line() + ":" + place.column();
    }
}

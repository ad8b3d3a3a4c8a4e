package dev.angee.manifest;

import dev.angee.internal.yaml.MappingReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads {@code ports}, {@code volumes}, {@code persist} and {@code sources}. */
final class ResourceReader {
    private static final int HIGHEST_PORT = 65535;
    private static final String ANCHOR = "anchor";
    private static final String TOKEN = "token_secret";
    private static final String KEY = "ssh_key_secret";
    private static final String KNOWN_HOSTS = "known_hosts";

    private ResourceReader() {}

    static Optional<Integer> port(String name, MappingReader entry) {
        boolean named = ManifestReader.checkName(name, entry);
        OptionalInt value = entry.integer("value", 0, HIGHEST_PORT);
        if (value.isEmpty() && !entry.has("value")) {
            entry.missing("'value' is missing");
        }
        for (String key : List.of("export_env", "aliases")) {
            entry.unbuilt(key, "write '${ports." + name + "}' into the env of the services that need it");
        }
        return named && value.orElse(0) > 0 ? Optional.of(value.getAsInt()) : Optional.empty(); // 0: not set
    }

    static Optional<VolumeSpec> volume(String name, MappingReader entry) {
        boolean named = ManifestReader.checkName(name, entry);
        String driver =
                entry.text("driver").filter(word -> !word.equals("local-fs")).orElse("local");
        Optional<String> path = entry.text("path");
        return named ? Optional.of(new VolumeSpec(name, driver, path)) : Optional.empty();
    }

    /** A map of folders by name, in which {@code anchor} may be text instead and says what they are below. */
    static PersistSpec persist(MappingReader root) {
        MappingReader map = root.map("persist");
        boolean anchored =
                map.value(ANCHOR).filter(ScalarNode.class::isInstance).isPresent();
        Optional<String> anchor = anchored ? map.text(ANCHOR) : Optional.empty();
        Map<String, PersistSpec.Entry> entries = new LinkedHashMap<>();
        for (String name : map.names()) {
            if (!anchored || !name.equals(ANCHOR)) {
                MappingReader entry = map.map(name);
                boolean named = ManifestReader.checkName(name, entry);
                String subpath = entry.text("subpath").orElse("");
                Optional<String> scope = entry.text("scope");
                entry.unbuilt("backup", "remove it, and save the folder yourself");
                entry.finish();
                if (named) {
                    entries.put(name, new PersistSpec.Entry(name, subpath, scope));
                }
            }
        }
        return new PersistSpec(anchor, new TreeMap<>(entries));
    }

    static Optional<SourceSpec> source(String name, MappingReader entry) {
        boolean named = ManifestReader.checkName(name, entry);
        Optional<String> kind =
                entry.required("kind").isPresent() ? entry.word("kind", List.of("git", "local")) : Optional.empty();
        Optional<String> repo = entry.text("repo");
        Optional<String> path = entry.text("path");
        Optional<String> ref = entry.text("default_ref");
        Optional<SourceAuth> auth = entry.map("auth", ResourceReader::auth);
        Optional<String> cache = entry.text("cache_path");
        entry.unbuilt("url", "write it as 'repo'");
        entry.unbuilt("git", "remove it; the author of a commit is named when it is made");
        entry.unbuilt("checksum", "remove it");
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        boolean git = kind.get().equals("git");
        if (entry.has(git ? "path" : "repo")) {
            entry.problem(git ? "path" : "repo", "belongs to a source of kind " + (git ? "local" : "git"));
        }
        if (!git && entry.has("auth")) {
            entry.problem("auth", "belongs to a source of kind git");
        }
        if (git && repo.isEmpty() && !entry.has("repo")) {
            entry.missing("a source of kind git needs 'repo'");
        }
        if (!git && !entry.has("path") && !entry.has("cache_path")) {
            entry.missing("a source of kind local needs 'path'");
        }
        SourceKind what = git ? SourceKind.GIT : SourceKind.LOCAL;
        return named ? Optional.of(new SourceSpec(name, what, repo, path, ref, auth, cache)) : Optional.empty();
    }

    private static Optional<SourceAuth> auth(MappingReader auth) {
        Optional<String> mode =
                auth.required("mode").isPresent() ? auth.word("mode", List.of("token", "ssh")) : Optional.empty();
        if (mode.isEmpty()) {
            List.of(TOKEN, KEY, KNOWN_HOSTS).forEach(auth::text);
            return Optional.empty();
        }
        boolean ssh = mode.get().equals("ssh");
        for (String key : ssh ? List.of(TOKEN) : List.of(KEY, KNOWN_HOSTS)) {
            if (auth.has(key)) {
                auth.problem(key, "belongs to 'mode: " + (ssh ? "token" : "ssh") + "'");
            }
        }
        Optional<String> secret = auth.required(ssh ? KEY : TOKEN);
        Optional<String> hosts = ssh ? auth.text(KNOWN_HOSTS) : Optional.empty();
        SourceAuth.Mode how = ssh ? SourceAuth.Mode.SSH : SourceAuth.Mode.TOKEN;
        return secret.map(name -> new SourceAuth(how, name, hosts));
    }
}

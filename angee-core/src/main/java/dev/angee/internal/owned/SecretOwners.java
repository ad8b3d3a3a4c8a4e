package dev.angee.internal.owned;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who in a root has secrets of its own, that are made with it and go with it: workspaces and services. */
final class SecretOwners {
    private static final String ENDING = ".json";

    private SecretOwners() {}

    /**
     * The names of the secrets of each that has any, by its kind and its name, as in {@code workspace 'feat'}.
     *
     * @param run the root's folder of records
     * @throws AngeeException {@code FAILED} if a record is damaged, naming the file
     */
    static Map<String, List<String>> in(Path run) {
        Map<String, List<String>> owners = new TreeMap<>();
        collect(run.resolve("workspaces"), "workspace", owners);
        collect(run.resolve("services"), "service", owners);
        return owners;
    }

    /** How an owner is called. */
    static String named(String kind, String name) {
        return kind + " '" + name + "'";
    }

    private static void collect(Path folder, String kind, Map<String, List<String>> owners) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(ENDING) && !name.startsWith(".")) {
                    List<String> secrets =
                            JsonFile.at(file).read(Owner.class).map(Owner::all).orElse(List.of());
                    if (!secrets.isEmpty()) {
                        owners.put(named(kind, name.substring(0, name.length() - ENDING.length())), secrets);
                    }
                }
            }
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    /** What is of interest here in the record of either. */
    private record Owner(
            @JsonProperty("secrets") @Nullable List<@Nullable String> secrets,
            @JsonProperty("pending") @Nullable Owner pending) {
        List<String> all() {
            TreeSet<String> all = new TreeSet<>();
            if (secrets != null) {
                secrets.stream().filter(Objects::nonNull).forEach(all::add);
            }
            if (pending != null) {
                all.addAll(pending.all());
            }
            return List.copyOf(all);
        }
    }
}

package dev.angee.render;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.JsonFile;
import dev.angee.internal.change.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was rendered last, as it is kept. The file is the Go operator's, so that either goes on where the other left off.
 *
 * @param version of the format
 * @param layers the templates
 * @param files the files and links, by path
 * @param documents the manifests as they were rendered, in base64, by path
 * @param protectedPaths folders of data at that time
 */
record RenderState(
        int version,
        List<Layer> layers,
        SortedMap<String, Entry> files,
        SortedMap<String, String> documents,
        @JsonProperty("protected_paths") List<String> protectedPaths) {
    private static final int VERSION = 1;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    RenderState {
        JsonFile.requireVersion(version, VERSION);
        layers = orEmpty(layers);
        files = orEmpty(files);
        documents = orEmpty(documents);
        protectedPaths =
                orEmpty(protectedPaths).stream().map(RenderTarget::lexical).toList(); // as a template spelled them
        files.keySet().forEach(RenderState::requireInside);
        documents.keySet().forEach(RenderState::requireInside);
        documents.values().forEach(Base64.getDecoder()::decode);
    }

    static RenderState none() {
        return new RenderState(VERSION, List.of(), new TreeMap<>(), new TreeMap<>(), List.of());
    }

    /** Without what was rendered. */
    RenderState forgotten() {
        return new RenderState(version, layers, new TreeMap<>(), new TreeMap<>(), protectedPaths);
    }

    /** @param data the folders of data */
    static RenderState of(Rendering rendering, Collection<String> data) {
        TreeMap<String, Entry> files = new TreeMap<>();
        TreeMap<String, String> documents = new TreeMap<>();
        rendering.files().forEach((path, file) -> {
            if (rendering.manifests().contains(path)) {
                documents.put(path, Base64.getEncoder().encodeToString(file.content()));
            } else {
                files.put(path, Entry.of(Fingerprint.of(Contents.of(file))));
            }
        });
        rendering
                .remembered()
                .forEach((path, file) -> documents.put(path, Base64.getEncoder().encodeToString(file.content())));
        return new RenderState(
                VERSION, rendering.layers().stream().map(Layer::of).toList(), files, documents, List.copyOf(data));
    }

    /** @throws AngeeException {@code FAILED} if it cannot be understood */
    static RenderState read(String name, byte[] json) {
        try {
            @Nullable RenderState state = MAPPER.readValue(json, RenderState.class);
            if (state == null) {
                throw damaged(name, "it holds nothing", null);
            }
            return state;
        } catch (JsonProcessingException e) {
            throw damaged(name, e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw damaged(name, e.getMessage(), e);
        }
    }

    private static AngeeException damaged(String name, @Nullable String why, @Nullable Exception cause) {
        return new AngeeException(
                ErrorCode.FAILED,
                name + ", which remembers what was rendered, is damaged (" + why
                        + "); move it away: then what is on disk as the template renders it is taken over, and the rest"
                        + " is a conflict",
                cause);
    }

    byte[] json() {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                .withSeparators(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(new DefaultIndenter("  ", "\n"));
        printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
        try {
            return (MAPPER.writer(printer).writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a render state", e);
        }
    }

    /** What others may know of it. */
    LastRendering told() {
        TreeMap<String, String> texts = new TreeMap<>();
        documents.forEach(
                (path, text) -> texts.put(path, new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)));
        return new LastRendering(layers.stream().map(Layer::told).toList(), texts);
    }

    Fingerprint file(String path) {
        Entry entry = files.get(path);
        return entry == null ? Fingerprint.absent() : entry.fingerprint();
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static <T> SortedMap<String, T> orEmpty(@Nullable Map<String, T> map) {
        return map == null ? new TreeMap<>() : new TreeMap<>(map);
    }

    private static void requireInside(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("'" + path + "' is not a path inside");
            }
        }
    }

    /** A template, as it is kept. */
    record Layer(
            String name,
            String template,
            @JsonProperty("dest_root") String destination,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("answers_file") @Nullable
            String answersFile) {
        static Layer of(RenderLayer layer) {
            return new Layer(layer.name(), layer.template(), layer.destination(), layer.answersFile());
        }

        RenderLayer told() {
            return new RenderLayer(name, template, destination, answersFile == null ? "" : answersFile);
        }
    }

    /** A file or link, as it is kept: the mode is a plain number of permission bits, 420 for {@code rw-r--r--}. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Entry(
            String kind,
            @Nullable String sha256,
            @Nullable Integer mode,
            @Nullable String link) {
        Entry {
            fingerprint(kind, sha256, mode, link);
        }

        static Entry of(Fingerprint print) {
            return print.kind() == Fingerprint.Kind.LINK
                    ? new Entry("symlink", null, null, print.link())
                    : new Entry("file", print.sha256(), print.mode(), null);
        }

        Fingerprint fingerprint() {
            return fingerprint(kind, sha256, mode, link);
        }

        private static Fingerprint fingerprint(
                String kind, @Nullable String sha256, @Nullable Integer mode, @Nullable String link) {
            return switch (kind) {
                case "file" -> Fingerprint.file(sha256 == null ? "" : sha256, mode == null ? 0 : mode);
                case "symlink" -> Fingerprint.link(link == null ? "" : link);
                case "directory" -> Fingerprint.folder();
                default -> Fingerprint.other();
            };
        }
    }
}

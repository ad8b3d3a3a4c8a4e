package dev.angee.render;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.template.TemplateFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one or more templates make of a folder, before anything is written. Immutable.
 *
 * <p>Manifests among its files are merged entry by entry; answers files are the library's own and always rewritten; all
 * others are whole files. Paths are relative to the folder, with forward slashes.
 */
public final class Rendering {
    private final List<RenderLayer> layers;
    private final NavigableMap<String, TemplateFile> files;
    private final NavigableSet<String> manifests;
    private final NavigableMap<String, TemplateFile> answers;
    private final NavigableMap<String, TemplateFile> remembered;
    private final NavigableSet<String> kept;
    private final NavigableSet<String> left;
    private final NavigableSet<String> replaced;
    private final NavigableSet<String> dropped;
    private final Map<String, Origin> origins;

    private Rendering(Builder builder) {
        layers = List.copyOf(builder.layers);
        files = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.files));
        manifests = Collections.unmodifiableNavigableSet(new TreeSet<>(builder.manifests));
        answers = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.answers));
        remembered = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.remembered));
        kept = Collections.unmodifiableNavigableSet(new TreeSet<>(builder.kept));
        replaced = Collections.unmodifiableNavigableSet(new TreeSet<>(builder.replaced));
        dropped = Collections.unmodifiableNavigableSet(new TreeSet<>(builder.dropped));
        left = Collections.unmodifiableNavigableSet(new TreeSet<>(builder.left));
        origins = Map.copyOf(builder.origins);
    }

    /** Begins one. */
    public static Builder builder() {
        return new Builder();
    }

    /** The templates, in the order in which they were rendered. */
    public List<RenderLayer> layers() {
        return layers;
    }

    /** All files and links but answers files, by path. */
    public NavigableMap<String, TemplateFile> files() {
        return files;
    }

    /** Where all of it is written, or may be another time: files, links, and the answers file of each layer. */
    public NavigableSet<String> places() {
        TreeSet<String> places = new TreeSet<>(files.keySet());
        places.addAll(answers.keySet());
        layers.stream()
                .map(RenderLayer::answersFile)
                .filter(path -> path.indexOf('\0') < 0) // which is no place at all
                .forEach(places::add);
        return Collections.unmodifiableNavigableSet(places);
    }

    /** Which of the files are manifests. */
    public NavigableSet<String> manifests() {
        return manifests;
    }

    NavigableMap<String, TemplateFile> answers() {
        return answers;
    }

    /** What is rendered, and is no file. */
    NavigableMap<String, TemplateFile> remembered() {
        return remembered;
    }

    /** Answers files that may be rewritten even though nobody remembers that they were rendered. */
    NavigableSet<String> replaced() {
        return replaced;
    }

    /** Answers files that are to be there no more, if nothing else is rendered in their place. */
    NavigableSet<String> dropped() {
        return dropped;
    }

    /** The template that a file or link is of. */
    String template(String path) {
        return origin(path).template();
    }

    /** What a file or link is of its template, for messages. */
    String source(String path) {
        return origin(path).template() + "/" + origin(path).file();
    }

    private Origin origin(String path) {
        return origins.getOrDefault(path, new Origin("", path));
    }

    /**
     * Where something comes from.
     *
     * @param template a template's name
     * @param file what it renders, relative to where it does
     */
    private record Origin(String template, String file) {}

    /** Folders of people's data. */
    NavigableSet<String> kept() {
        return kept;
    }

    /** Folders of people's data before. */
    NavigableSet<String> left() {
        return left;
    }

    /** Collects the parts of a rendering. For one thread. */
    public static final class Builder {
        private final List<RenderLayer> layers = new ArrayList<>();
        private final TreeMap<String, TemplateFile> files = new TreeMap<>();
        private final TreeSet<String> manifests = new TreeSet<>();
        private final TreeMap<String, TemplateFile> answers = new TreeMap<>();
        private final TreeMap<String, TemplateFile> remembered = new TreeMap<>();
        private final TreeSet<String> kept = new TreeSet<>();
        private final TreeSet<String> replaced = new TreeSet<>();
        private final TreeSet<String> dropped = new TreeSet<>();
        private final TreeSet<String> left = new TreeSet<>();
        private final TreeMap<String, Origin> origins = new TreeMap<>();

        private Builder() {}

        /**
         * Adds what one template renders, over what those before it do.
         *
         * @param rendered its files, by paths relative to the layer's destination
         * @throws InvalidInputException if a path leaves the target or leads into a {@code .git}, or a link leads out of the
         *     target
         */
        public Builder layer(RenderLayer layer, Collection<TemplateFile> rendered) {
            layers.add(layer);
            for (TemplateFile file : rendered) {
                String path = below(layer, file.path());
                file.link().ifPresent(target -> requireInside(layer, path, target));
                TemplateFile placed = new TemplateFile(path, file.content(), file.executable(), file.link());
                (path.equals(layer.answersFile()) ? answers : files).put(path, placed);
                origins.put(path, new Origin(layer.template(), file.path()));
            }
            return this;
        }

        /** Adds what a layer was told, in place of what its template renders there. */
        public Builder answers(RenderLayer layer, String text) {
            String path = inside(layer.template(), layer.answersFile());
            origins.put(path, new Origin(layer.template(), path));
            answers.put(path, new TemplateFile(path, text.getBytes(StandardCharsets.UTF_8), false));
            return this;
        }

        /** What is there at the path of this answers file is one of before, also if it is not remembered that it was rendered. */
        public Builder replaces(String path) {
            replaced.add(path);
            return this;
        }

        /** There is to be no answers file at this path any more: it has another name now. */
        public Builder drops(String path) {
            dropped.add(path);
            return this;
        }

        /** This file is a manifest, if it is rendered at all. */
        public Builder manifest(String path) {
            manifests.add(path);
            return this;
        }

        /**
         * What is rendered to this path is remembered, and no file is written there: whoever renders it makes something else of
         * it. Without the layer that renders it, nothing.
         */
        public Builder remember(String path) {
            TemplateFile file = files.remove(path);
            if (file != null) {
                remembered.put(path, file);
            }
            return this;
        }

        /**
         * This is a folder of people's data: nothing may be rendered in its place, and it is never removed.
         *
         * @param folder relative to the target; it may be spelled in any way, such as {@code ./data/}
         */
        public Builder keep(String folder) {
            kept.add(RenderTarget.lexical(folder));
            return this;
        }

        /**
         * This was a folder of people's data the last time. If it is not any more, it stays one as long as it is there: nothing new is
         * rendered below it, and nothing there is overwritten.
         *
         * @param folder relative to the target; it may be spelled in any way
         */
        public Builder left(String folder) {
            left.add(RenderTarget.lexical(folder));
            return this;
        }

        /**
         * The rendering.
         *
         * @throws InvalidInputException if a file would have to be a folder as well
         */
        public Rendering build() {
            manifests.forEach(this::requireRunIsOurs);
            answers.keySet().forEach(files::remove);
            manifests.retainAll(files.keySet());
            TreeMap<String, TemplateFile> all = new TreeMap<>(files);
            all.putAll(answers);
            for (String path : all.keySet()) {
                for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                    if (all.containsKey(path.substring(0, slash))) {
                        throw refused(
                                layerNames(), path, "and '" + path.substring(0, slash) + "' cannot both be files");
                    }
                }
                if (kept.contains(path)) {
                    throw refused(layerNames(), path, "is a folder of data; render something below it");
                }
            }
            return new Rendering(this);
        }

        /** A stack's {@code run/} is the library's: what is written there says what may be ended, and removed. */
        private void requireRunIsOurs(String manifest) {
            String run = manifest.substring(0, manifest.lastIndexOf('/') + 1) + "run";
            for (NavigableMap<String, TemplateFile> each : List.of(files, answers)) {
                for (String path : each.tailMap(run, true).keySet()) {
                    if (path.equals(run) || path.startsWith(run + "/")) {
                        throw refused(
                                layerNames(), path, "is in the stack's own folder of records; render it elsewhere");
                    }
                }
            }
        }

        private String layerNames() {
            return String.join(", ", layers.stream().map(RenderLayer::template).toList());
        }

        private static String below(RenderLayer layer, String path) {
            boolean here =
                    layer.destination().equals(".") || layer.destination().isEmpty();
            return inside(layer.template(), here ? path : layer.destination() + "/" + path);
        }

        private static String inside(String template, String path) {
            for (String part : path.split("/", -1)) {
                if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                    throw refused(template, path, "is not a path inside");
                }
                if (part.toLowerCase(Locale.ROOT).equals(".git")) {
                    throw refused(template, path, "would change a repository: git runs what stands there");
                }
            }
            return path;
        }

        /** Upwards first and then down; a way down and up again may lead anywhere, by way of a link. */
        private static void requireInside(RenderLayer layer, String path, String target) {
            int depth = path.split("/", -1).length - 1;
            boolean down = false;
            for (String part : target.split("/", -1)) {
                boolean up = part.equals("..");
                depth += up ? -1 : 0;
                if (depth < 0
                        || (up && down)
                        || target.startsWith("/")
                        || target.isEmpty()
                        || target.indexOf('\0') >= 0) {
                    throw refused(layer.template(), path, "is a link to '" + target + "', which leads out");
                }
                down |= !up && !part.isEmpty() && !part.equals(".");
            }
        }

        private static AngeeException refused(String template, String path, String why) {
            return new InvalidInputException("template", template + ": '" + path + "' " + why);
        }
    }
}

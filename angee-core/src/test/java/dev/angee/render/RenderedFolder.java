package dev.angee.render;

import dev.angee.template.TemplateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder that is rendered to, edited, and looked at. */
final class RenderedFolder {
    static final RenderOptions REFUSE = RenderOptions.defaults();
    static final RenderOptions OVERWRITE = REFUSE.with(OnConflict.OVERWRITE);
    static final RenderLayer LAYER = new RenderLayer("test", "workspaces/test", ".", ".answers.yml");

    private final Path top;
    private final RenderTarget target;
    private final Reconciler reconciler;

    RenderedFolder(Path top) throws IOException {
        this.top = top;
        Files.createDirectories(folder());
        target = new RenderTarget(top, "w", "run/template-state/w.json", top.resolve("run/changes"), "w");
        reconciler = new Reconciler(target);
    }

    Path folder() {
        return top.resolve("w");
    }

    Path state() {
        return top.resolve(target.state());
    }

    Reconciler reconciler() {
        return reconciler;
    }

    static Rendering rendering(Map<String, String> files) {
        return Rendering.builder().layer(LAYER, files(files)).build();
    }

    /** By path; {@code ->} stands before where a link leads, {@code !} before the text of what may be executed. */
    static List<TemplateFile> files(Map<String, String> files) {
        return files.entrySet().stream()
                .map(each -> file(each.getKey(), each.getValue()))
                .toList();
    }

    private static TemplateFile file(String path, String text) {
        boolean executable = text.startsWith("!");
        byte[] content = text.substring(executable ? 1 : 0).getBytes(StandardCharsets.UTF_8);
        return text.startsWith("->")
                ? TemplateFile.link(path, text.substring(2))
                : new TemplateFile(path, content, executable);
    }

    RenderPlan plan(Map<String, String> files, RenderOptions options) {
        return reconciler.plan(rendering(files), options);
    }

    /** Renders, in place of all that is there and differs. */
    void render(Map<String, String> files) {
        reconciler.apply(plan(files, OVERWRITE));
    }

    /** Puts something there as a person would, in the same notation, {@code ~} for a private file, {@code /} for a folder; nothing for empty text. */
    void edit(String path, String text) throws IOException {
        Path place = folder().resolve(path);
        Files.deleteIfExists(place);
        if (text.isEmpty()) {
            return;
        }
        Files.createDirectories(place.resolveSibling(""));
        if (text.startsWith("->")) {
            Files.createSymbolicLink(place, Path.of(text.substring(2)));
        } else if (text.equals("/")) {
            Files.createDirectory(place);
        } else {
            String mode = text.startsWith("!") ? "rwxr-xr-x" : text.startsWith("~") ? "rw-------" : "rw-r--r--";
            Files.writeString(place, mode.equals("rw-r--r--") ? text : text.substring(1));
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(mode));
        }
    }

    /** All files and links, in the same notation. */
    SortedMap<String, String> tree() throws IOException {
        TreeMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder())) {
            for (Path each : walk.toList()) {
                String path = folder().relativize(each).toString();
                if (Files.isSymbolicLink(each)) {
                    tree.put(path, "->" + Files.readSymbolicLink(each));
                } else if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    tree.put(path, mark(each) + Files.readString(each));
                }
            }
        }
        return tree;
    }

    private static String mark(Path file) throws IOException {
        return switch (PosixFilePermissions.toString(Files.getPosixFilePermissions(file))) {
            case "rwxr-xr-x" -> "!";
            case "rw-------" -> "~";
            default -> "";
        };
    }
}

package dev.angee.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template in Copier's format, rendered into an empty folder, beside {@code copier copy}: each a process of its own, and ours warm in
 * this JVM, too. The same for FreeMarker's language, warm. What both have made is compared once.
 *
 * <p>What makes it fair, and where it is not: Copier's process starts Python, asks nobody and runs no task; ours starts a JVM, or
 * is in one already, as it is for whoever embeds it. Ours does not make the files durable; nor does Copier.
 *
 * <p>The arguments are the number of rounds, the number of files, and the {@code copier} program.
 */
public final class Templates {
    private static final int FOLDER = 20;

    private final Path base;
    private final int files;
    private final String copier;
    private int made;

    private Templates(Path base, int files, String copier) {
        this.base = base;
        this.files = files;
        this.copier = copier;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Path base = Files.createTempDirectory("angee-templates").toRealPath();
        try {
            new Templates(base, Integer.parseInt(args[1]), args[2]).measure(Integer.parseInt(args[0]));
        } finally {
            Rounds.clear(base);
        }
    }

    private void measure(int rounds) throws Exception {
        write(
                "stacks/jinja",
                ".jinja",
                "{{ ",
                " }}",
                "{% if shown %}",
                "{% endif %}",
                "{% for i in range(5) %}",
                "{{ i }}",
                "{% endfor %}");
        write("stacks/ftl", ".ftl", "[=", "]", "[#if shown]", "[/#if]", "[#list 0..4 as i]", "[=i]", "[/#list]");
        requireSame();
        Map<String, Series> series = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(
                List.of("copier copy", "ours, a JVM of its own", "ours, warm", "ours, warm, FreeMarker"));
        names.forEach(name -> Rounds.series(series, name));
        for (int round = 0; round <= rounds; round++) {
            Collections.rotate(names, 1);
            for (String name : names) {
                Path to = base.resolve("out" + made++);
                double time = Pairs.millis(() -> render(name, to));
                Rounds.clear(to);
                if (round > 0) {
                    Rounds.series(series, name).add(time);
                }
            }
        }
        Rounds.print("a template of " + files + " files, ms, " + rounds + " rounds", series);
    }

    private void render(String name, Path to) throws Exception {
        switch (name) {
            case "copier copy" -> copier(to);
            case "ours, a JVM of its own" ->
                process(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RenderOnce.class.getName(),
                        base.toString(),
                        "stacks/jinja",
                        to.toString());
            case "ours, warm" -> RenderOnce.render(base, "stacks/jinja", to);
            default -> RenderOnce.render(base, "stacks/ftl", to);
        }
    }

    private void copier(Path to) throws Exception {
        process(
                copier,
                "copy",
                "--defaults",
                "--overwrite",
                "--quiet",
                base.resolve("stacks/jinja").toString(),
                to.toString());
    }

    private static void process(String... words) throws Exception {
        Process process = new ProcessBuilder(words).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(words[0] + " ended with " + process.exitValue());
        }
    }

    /** A third of the files is copied, the others are rendered, with a name that is, too. */
    private void write(
            String place,
            String suffix,
            String print,
            String printed,
            String on,
            String off,
            String loop,
            String item,
            String end)
            throws IOException {
        Path template = Files.createDirectories(base.resolve(place));
        Files.writeString(
                template.resolve("copier.yml"),
                "_templates_suffix: " + suffix
                        + "\n_exclude: [copier.yml]\n_angee: { kind: stack }\nname: shop\nshown: { type: bool, default: true }\n");
        for (int i = 0; i < files; i++) {
            Path folder = Files.createDirectories(template.resolve("part" + i / FOLDER));
            String name = "file" + i + "-" + print + "name" + printed + ".txt";
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 30; line++) {
                text.append("line ")
                        .append(line)
                        .append(" of ")
                        .append(print)
                        .append("name")
                        .append(printed);
                text.append(on)
                        .append(" on")
                        .append(off)
                        .append(loop)
                        .append(item)
                        .append(end)
                        .append('\n');
            }
            Files.writeString(folder.resolve(i % 3 == 0 ? name : name + suffix), text);
        }
    }

    private void requireSame() throws Exception {
        Path theirs = base.resolve("theirs");
        Path ours = base.resolve("ours");
        copier(theirs);
        int many = RenderOnce.render(base, "stacks/jinja", ours);
        RenderOnce.render(base, "stacks/ftl", base.resolve("ftl"));
        process("diff", "-r", theirs.toString(), ours.toString());
        if (many != files) {
            throw new IllegalStateException(many + " files were made, and not " + files);
        }
    }
}

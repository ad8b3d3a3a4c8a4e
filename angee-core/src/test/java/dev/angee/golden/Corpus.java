package dev.angee.golden;

import dev.angee.compile.PlanCompiler;
import dev.angee.document.InvalidDocumentException;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.plan.RuntimePlan;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The golden corpus: one folder a case, with an {@code angee.yaml} and what becomes of it, {@code plan.txt} or
 * {@code problems.txt}. Every pool's lease is its first port; nothing else of the surroundings is known.
 */
final class Corpus {
    static final Path FOLDER = Path.of("src/test/resources/golden");
    static final Path ROOT = Path.of("/srv/golden/.angee");
    static final String FILE = "angee.yaml";

    private Corpus() {}

    /** One case. */
    record Case(String name, Path folder) {
        String text() {
            return readString(folder.resolve(FILE));
        }

        Path plan() {
            return folder.resolve("plan.txt");
        }

        Path problems() {
            return folder.resolve("problems.txt");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What became of a text; exactly one of the two is there. */
    record Outcome(String plan, String problems) {}

    /** Every case, in the order of their names. */
    static List<Case> cases() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.endsWith(FILE))
                    .map(Path::getParent)
                    .map(folder -> new Case(FOLDER.relativize(folder).toString(), folder))
                    .sorted((a, b) -> a.name.compareTo(b.name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifest read(String text) {
        return new ManifestReader().read(FILE, text);
    }

    static RuntimePlan compile(Manifest manifest) {
        Map<String, Integer> leases = new TreeMap<>();
        manifest.pools().forEach((name, pool) -> leases.put(name, pool.first()));
        Surroundings surroundings = Surroundings.none().allocations(leases);
        return new PlanCompiler()
                .compile(manifest, new Resolver().resolve(manifest, StackLayout.of(ROOT), surroundings), List.of());
    }

    static Outcome outcome(String text) {
        try {
            return new Outcome(compile(read(text)).print(), "");
        } catch (InvalidDocumentException e) {
            return new Outcome("", e.code() + "\n" + e.getMessage() + "\n");
        }
    }

    static String readString(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.angee.process;

import dev.angee.compile.PlanCompiler;
import dev.angee.document.InvalidDocumentException;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.resolve.Resolver;
import dev.angee.resolve.StackLayout;
import dev.angee.resolve.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files for process-compose of all manifests of core's golden corpus that plan a local process. */
final class ExportedCorpus {
    private static final Path FOLDER = Path.of("../angee-core/src/test/resources/golden");

    private ExportedCorpus() {}

    /** By the name of the case. */
    static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(FOLDER)) {
            for (Path manifest :
                    found.filter(file -> file.endsWith("angee.yaml")).toList()) {
                String text = exported(Files.readString(manifest));
                if (!text.isEmpty()) {
                    files.put(FOLDER.relativize(manifest.getParent()).toString(), text);
                }
            }
        }
        return files;
    }

    /** Empty where nothing is local, or where the case is one of a manifest that is refused. */
    private static String exported(String text) {
        try {
            Manifest manifest = new ManifestReader().read("angee.yaml", text);
            Map<String, Integer> leases = new TreeMap<>();
            manifest.pools().forEach((name, pool) -> leases.put(name, pool.first()));
            return ProcessComposeFile.of(new PlanCompiler()
                            .compile(
                                    manifest,
                                    new Resolver()
                                            .resolve(
                                                    manifest,
                                                    StackLayout.of(Path.of("/srv/golden/.angee")),
                                                    Surroundings.none().allocations(leases)),
                                    List.of()))
                    .text();
        } catch (InvalidDocumentException e) {
            return "";
        }
    }
}

package dev.angee.render;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SecretsBackendSpec;
import dev.angee.resolve.StackLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;

/** The env files that stacks keep their secrets in: nothing is rendered there, and nothing taken away. */
final class SecretFiles {
    private final RenderTarget target;
    private final RenderOptions options;
    private final TreeSet<Path> places = new TreeSet<>();

    SecretFiles(RenderTarget target, RenderOptions options) {
        this.target = target;
        this.options = options;
        places.addAll(options.secrets());
    }

    /**
     * Adds what a manifest names.
     *
     * @param manifest its path, relative to the target
     * @param text what it says, or said, or is to say
     */
    void add(String manifest, byte[] text) {
        StackLayout layout = StackLayout.of(place(manifest).resolveSibling(""));
        Optional<Path> named;
        try {
            named = layout.secrets(
                    new ManifestReader().secretsBackend(manifest, new String(text, StandardCharsets.UTF_8)),
                    options.keeper());
        } catch (AngeeException e) { // told by whoever reads all of it
            named = layout.secrets(SecretsBackendSpec.standard(), options.keeper());
        }
        named.ifPresent(places::add);
    }

    /**
     * Refuses what is rendered in the place of secrets.
     *
     * @param path a file or link, relative to the target
     * @param template by which it is rendered
     */
    void requireApart(String path, String template) {
        if (isAt(path)) {
            throw new InvalidInputException(
                    "template",
                    template + ": '" + path + "' is where secrets are kept, and would replace them; render '" + path
                            + ".example', or name another path in 'secrets_backend' of the manifest");
        }
    }

    /** Whether a file at this path would be in the way of one of them, or is one. */
    boolean isAt(String path) {
        Path place = place(path);
        return places.stream()
                .anyMatch(each -> each.startsWith(place) || place.startsWith(each) || isSame(each, place));
    }

    /** Two spellings of one name, to a file system that takes no notice of case. */
    private static boolean isSame(Path secrets, Path place) {
        try {
            return String.valueOf(secrets.getFileName()).equalsIgnoreCase(String.valueOf(place.getFileName()))
                    && Files.exists(secrets)
                    && Files.exists(place)
                    && Files.isSameFile(secrets, place);
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot tell " + place + " from " + secrets + ": " + e.getMessage(), e);
        }
    }

    private Path place(String path) {
        return target.top().toAbsolutePath().resolve(target.at(path)).normalize();
    }
}

package dev.angee.manifest;

import dev.angee.document.YamlLimits;
import java.time.Duration;

/**
 * How a manifest is edited.
 *
 * @param check what a text must pass before it is written
 * @param limits how large a manifest may be, before and after
 * @param patience how long to wait for somebody else who is writing it
 */
public record EditOptions(ManifestCheck check, YamlLimits limits, Duration patience) {
    /** The manifest reader must accept the text; the standard limits; ten seconds. */
    public static EditOptions defaults() {
        return new EditOptions(ManifestCheck.reader(), YamlLimits.standard(), Duration.ofSeconds(10));
    }

    /** These options, with another check. */
    public EditOptions withCheck(ManifestCheck other) {
        return new EditOptions(other, limits, patience);
    }

    /** These options, with other limits. */
    public EditOptions withLimits(YamlLimits other) {
        return new EditOptions(check, other, patience);
    }
}

package dev.angee.workspace;

import java.util.Map;
import java.util.Objects;

/**
 * What is remembered of a chained template.
 *
 * @param template its name
 * @param folder where it is rendered, relative to the workspace
 * @param inputs what it was given
 */
record ChainedRecord(String template, String folder, Map<String, String> inputs) {
    ChainedRecord {
        Objects.requireNonNull(template);
        Objects.requireNonNull(folder);
        inputs = Map.copyOf(inputs);
    }
}

package dev.angee.render;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is remembered of the last rendering of a folder.
 *
 * @param layers the templates it was rendered from; of a Go operator's, the template may be a path of its host
 * @param documents the texts of manifests as they were rendered, and of what was only remembered, by path
 */
public record LastRendering(List<RenderLayer> layers, Map<String, String> documents) {
    /** Copies the collections. */
    public LastRendering {
        layers = List.copyOf(layers);
        documents = Collections.unmodifiableMap(new TreeMap<>(documents));
    }
}

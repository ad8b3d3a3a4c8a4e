package dev.angee.template;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a chained template was rendered with, as it is remembered. Of the last time only what was made up then, or must not change,
 * counts: all else follows what the template that chains it gives now.
 *
 * @param template its name, with its pin
 * @param folder where it is rendered, relative to what the template that chains it is rendered to
 * @param inputs what it was rendered with; secrets are references
 */
public record ChainedAnswers(String template, String folder, Map<String, String> inputs) {
    /** Copies the map. */
    public ChainedAnswers {
        Objects.requireNonNull(template);
        Objects.requireNonNull(folder);
        inputs = Map.copyOf(inputs);
    }

    /**
     * What a template keeps of the last time: that of the template of this name in this folder, wherever it stood in the chain, and
     * whatever it was pinned to.
     */
    public static Map<String, String> kept(List<ChainedAnswers> before, Template asking, String folder) {
        Map<String, String> kept = new TreeMap<>();
        before.stream()
                .filter(last -> TemplateName.withoutPin(last.template()).equals(TemplateName.withoutPin(asking.ref()))
                        && last.folder().equals(folder))
                .findFirst()
                .ifPresent(last -> asking.metadata().inputs().values().stream()
                        .filter(input -> input.rules().generated().isPresent()
                                || input.rules().immutable())
                        .filter(input -> last.inputs().containsKey(input.name()))
                        .forEach(input -> kept.put(input.name(), last.inputs().getOrDefault(input.name(), ""))));
        return kept;
    }
}

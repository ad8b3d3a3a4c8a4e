package dev.angee.templates.jinja;

import dev.angee.template.TemplateText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A text that was read.
 *
 * @param name what errors call it
 * @param nodes its parts
 * @param blocks its blocks, however deep, by name
 */
record Template(String name, List<Node> nodes, Map<String, Node.Block> blocks) {
    static Template of(TemplateText text) {
        try {
            List<Node> nodes = TemplateParser.parse(text.text());
            Map<String, Node.Block> blocks = new LinkedHashMap<>();
            collect(nodes, blocks);
            return new Template(text.name(), nodes, blocks);
        } catch (JinjaException e) {
            throw e.named(text.name());
        }
    }

    private static void collect(List<Node> nodes, Map<String, Node.Block> blocks) {
        for (Node node : nodes) {
            if (node instanceof Node.Block block) {
                blocks.put(block.name(), block);
                collect(block.body(), blocks);
            } else if (node instanceof Node.If condition) {
                condition.branches().forEach(branch -> collect(branch.body(), blocks));
            } else if (node instanceof Node.For loop) {
                collect(loop.body(), blocks);
                collect(loop.otherwise(), blocks);
            } else if (node instanceof Node.With with) {
                collect(with.body(), blocks);
            } else if (node instanceof Node.FilterBlock filter) {
                collect(filter.body(), blocks);
            }
        }
    }
}

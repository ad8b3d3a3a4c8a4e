package dev.angee.internal.yaml;

import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** What is written in a document and where, as it is written: aliases stay aliases, keys may be written twice. */
public sealed interface YamlNode {
    /** Where the node is written and what stands before it. */
    Head head();

    /** The offset of its first character, in UTF-16 units; an anchor or a tag belongs to the node. */
    default int start() {
        return head().start();
    }

    /** The offset behind its last character; comments and line breaks behind it do not belong to it. */
    default int end() {
        return head().end();
    }

    /** Whether it is written in brackets, braces, quotes or as a word, and not by indentation. */
    default boolean inline() {
        return true;
    }

    /** Whether nothing is written, or a word for nothing. */
    default boolean isNull() {
        return false;
    }

    /**
     * What every node has.
     *
     * @param start the offset of its first character
     * @param end the offset behind its last one
     * @param anchor the anchor's name, or empty
     * @param tag the tag, or empty
     */
    record Head(int start, int end, String anchor, String tag) {}

    /**
     * A text.
     *
     * @param text what it says, unescaped
     * @param style how it is written
     */
    record Scalar(Head head, String text, ScalarStyle style) implements YamlNode {
        @Override
        public boolean inline() {
            return style != ScalarStyle.LITERAL && style != ScalarStyle.FOLDED;
        }

        @Override
        public boolean isNull() {
            return style == ScalarStyle.PLAIN && CoreType.of(text) == CoreType.NULL;
        }
    }

    /**
     * A reference to a node written before.
     *
     * @param name the anchor's name
     * @param target the node
     */
    record Alias(Head head, String name, YamlNode target) implements YamlNode {}

    /**
     * A list.
     *
     * @param flow whether it is written in brackets
     */
    record Items(Head head, boolean flow, List<YamlNode> items) implements YamlNode {
        @Override
        public boolean inline() {
            return flow;
        }
    }

    /**
     * A map.
     *
     * @param flow whether it is written in braces
     */
    record Fields(Head head, boolean flow, List<Field> fields) implements YamlNode {
        @Override
        public boolean inline() {
            return flow;
        }

        /** The fields with this key: none, one, or several if the document is wrong. */
        public List<Field> named(String key) {
            return fields.stream().filter(field -> field.isNamed(key)).toList();
        }
    }

    /** One entry of a map. */
    record Field(YamlNode key, YamlNode value) {
        /** Whether this is the key; the merge key has no name. */
        public boolean isNamed(String name) {
            return key instanceof Scalar scalar && scalar.text().equals(name) && !isMerge();
        }

        /** Whether this takes in other maps. */
        public boolean isMerge() {
            return key instanceof Scalar scalar
                    && scalar.style() == ScalarStyle.PLAIN
                    && scalar.text().equals("<<");
        }
    }
}

package dev.angee.template;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.PlainValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one question of {@code copier.yml}. */
final class QuestionReader {
    private static final List<String> TYPES =
            List.of("str", "string", "int", "integer", "float", "bool", "boolean", "path", "json", "yaml");
    private static final List<String> SHOWN = List.of("help", "placeholder", "multiline", "qmark");

    private QuestionReader() {}

    /** A question that says what it asks for. */
    static Optional<InputSpec> full(String name, MappingReader entry) {
        SHOWN.forEach(entry::value);
        for (String key : List.of("immutable", "generated", "length", "secret")) {
            entry.unbuilt(key, "remove it");
        }
        InputType type = entry.word("type", TYPES).flatMap(InputType::named).orElse(InputType.YAML);
        boolean several = entry.flag("multiselect");
        boolean required = entry.flag("required");
        List<String> choices = choices(entry);
        return Optional.of(new InputSpec(
                name,
                entry.has("type") || !choices.isEmpty() ? type : guessed(entry.value("default")),
                required,
                entry.value("default").map(QuestionReader::standard),
                choices,
                several,
                entry.text("when"),
                entry.text("validator")));
    }

    /** A question that is nothing but its standard value. */
    static InputSpec brief(String name, Optional<Node> standard) {
        return new InputSpec(
                name,
                guessed(standard),
                false,
                standard.map(QuestionReader::standard),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Without a type, a text is text; anything else is what YAML makes of it. */
    private static InputType guessed(Optional<Node> standard) {
        return standard.map(PlainValues::of)
                                .filter(value -> value instanceof String)
                                .isPresent()
                        || standard.isEmpty()
                ? InputType.STR
                : InputType.YAML;
    }

    private static Object standard(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : PlainValues.of(node);
    }

    private static String written(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : InputType.written(PlainValues.of(node));
    }

    /** A list of values, of pairs of a label and a value, or a map from labels to values. */
    private static List<String> choices(MappingReader entry) {
        List<String> choices = new ArrayList<>();
        Node node = entry.value("choices").orElse(null);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(each -> choices.add(choice(entry, each.getValueNode())));
        } else if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                boolean pair = item instanceof SequenceNode labelled
                        && labelled.getValue().size() == 2;
                choices.add(
                        choice(entry, pair ? ((SequenceNode) item).getValue().get(1) : item));
            }
        } else if (node != null) {
            entry.problem("choices", "expected a list or a map of labels and values");
        }
        return choices;
    }

    /** A value, or a map with one; what else Copier lets such a map say is not built. */
    private static String choice(MappingReader entry, Node node) {
        if (!(node instanceof MappingNode)) {
            return written(node);
        }
        MappingReader choice = entry.nested(node, "choices[]");
        choice.unbuilt("validator", "give the question a validator");
        String value = choice.value("value").map(QuestionReader::written).orElse("");
        choice.finish();
        return value;
    }
}

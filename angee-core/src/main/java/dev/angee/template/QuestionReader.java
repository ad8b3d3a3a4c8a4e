package dev.angee.template;

import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.PlainValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one question of {@code copier.yml}. */
final class QuestionReader {
    private static final String SECRET = "secret";
    private static final int LONGEST = 4096;
    private static final List<String> TYPES =
            List.of("str", "string", "int", "integer", "float", "bool", "boolean", "path", "json", "yaml", SECRET);
    private static final List<String> SHOWN = List.of("help", "placeholder", "multiline", "qmark");

    private QuestionReader() {}

    /** A question that says what it asks for. */
    static Optional<InputSpec> full(String name, MappingReader entry) {
        return Optional.of(over(null, name, entry));
    }

    /**
     * A question over what {@code _angee.inputs} says of the same name: where it says nothing, that holds, and what either
     * asks for, no silence of the other takes back.
     */
    static InputSpec over(@Nullable InputSpec declared, String name, MappingReader entry) {
        SHOWN.forEach(entry::value);
        Optional<String> word = entry.word("type", TYPES);
        InputRules rules = rules(entry, word.filter(SECRET::equals).isPresent());
        List<String> choices = choices(entry);
        Optional<InputType> stated = word.flatMap(InputType::named);
        InputSpec question = new InputSpec(
                name,
                type(entry, stated, choices, declared),
                rules,
                entry.value("default").map(QuestionReader::standard),
                choices,
                entry.flag("multiselect"),
                entry.text("when"),
                entry.text("validator"));
        return declared == null ? question : merged(declared, question);
    }

    private static InputType type(
            MappingReader entry, Optional<InputType> stated, List<String> choices, @Nullable InputSpec declared) {
        boolean isPath = declared != null && declared.type() == InputType.PATH;
        if (stated.isPresent()) {
            return isPath && stated.get() == InputType.STR ? InputType.PATH : stated.get();
        }
        if (declared != null) {
            return declared.type();
        }
        return entry.has("type") || !choices.isEmpty() ? InputType.YAML : guessed(entry.value("default"));
    }

    private static InputRules rules(MappingReader entry, boolean secret) {
        OptionalInt length = entry.integer("length", 1, LONGEST);
        boolean generated = entry.flag("generated");
        if (length.isPresent() && !generated) {
            entry.problem("length", "is the length of a generated value; say 'generated: true' as well");
        }
        return new InputRules(
                entry.flag("required"),
                entry.flag("immutable"),
                entry.flag("secret") || secret,
                generated ? OptionalInt.of(length.orElse(InputRules.DEFAULT_LENGTH)) : OptionalInt.empty());
    }

    private static InputSpec merged(InputSpec declared, InputSpec question) {
        return new InputSpec(
                question.name(),
                question.type(),
                question.rules().and(declared.rules()),
                question.standard().or(declared::standard),
                question.choices().isEmpty() ? declared.choices() : question.choices(),
                question.several() || declared.several(),
                question.when().or(declared::when),
                question.validator().or(declared::validator));
    }

    /** A question that is nothing but its standard value. */
    static InputSpec brief(@Nullable InputSpec declared, String name, Optional<Node> standard) {
        InputSpec question = new InputSpec(
                name,
                declared == null ? guessed(standard) : declared.type(),
                InputRules.none(),
                standard.map(QuestionReader::standard),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty());
        return declared == null ? question : merged(declared, question);
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

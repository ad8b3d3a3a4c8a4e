package dev.angee.template;

import dev.angee.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What one template asks for: its questions as they are evaluated, and as its files see the answers. */
final class Answers {
    private final Template template;
    private final TemplateRenderer renderer;

    Answers(Template template, TemplateRenderer renderer) {
        this.template = template;
        this.renderer = renderer;
    }

    Template template() {
        return template;
    }

    boolean isAsked(InputSpec input, Map<String, Object> known) {
        return input.when()
                .map(when -> InputType.isTrue(rendered(input, "when", when, known)))
                .orElse(true);
    }

    /** Of a list, each text is a template of its own, so that no value can be more than one item. */
    String standard(InputSpec input, Map<String, Object> known) {
        Object standard = input.standard().orElse("");
        if (standard instanceof String text) {
            return rendered(input, "default", text, known);
        }
        if (standard instanceof List<?> list) {
            return InputType.written(list.stream()
                    .map(item -> item instanceof String text ? rendered(input, "default", text, known) : item)
                    .toList());
        }
        return InputType.written(standard);
    }

    private String rendered(InputSpec input, String key, String text, Map<String, Object> known) {
        String name = template.ref() + "/" + TemplateMetadata.FILE_NAME + ": " + input.name() + "." + key;
        return renderer.render(new TemplateText(name, text), known, TemplateIncludes.none());
    }

    /**
     * What a value means.
     *
     * @param shown whether the value was given, so that it is held against the choices even if it is nothing
     * @throws InvalidInputException if the template does not take it
     */
    Object checked(InputSpec input, String text, boolean shown, Map<String, Object> known) {
        Object value = input.parse(text);
        if (!input.choices().isEmpty() && (shown || !text.isEmpty())) {
            requireChosen(input, input.several() && value instanceof List<?> list ? list : List.of(value), known);
        }
        String problem = problem(input, value, known);
        if (!problem.isEmpty()) {
            throw new InvalidInputException(input.name(), problem);
        }
        return value;
    }

    /** What the validator says of a value; empty if it is right. */
    String problem(InputSpec input, Object value, Map<String, Object> known) {
        if (input.validator().isEmpty()) {
            return "";
        }
        Map<String, Object> context = new LinkedHashMap<>(known);
        context.put(input.name(), value);
        return rendered(input, "validator", input.validator().get(), context).strip();
    }

    private void requireChosen(InputSpec input, List<?> chosen, Map<String, Object> known) {
        List<Object> choices = input.choices().stream()
                .map(choice -> input.type().parse(input.name(), rendered(input, "choices", choice, known)))
                .toList();
        for (Object each : chosen) {
            Object typed = each instanceof String text ? input.type().parse(input.name(), text) : each;
            if (!choices.contains(typed)) {
                throw new InvalidInputException(
                        input.name(),
                        "'" + InputType.written(each) + "' is none of: "
                                + choices.stream().map(InputType::written).collect(Collectors.joining(", "))
                                + listHint(input, each));
            }
        }
    }

    private static String listHint(InputSpec input, Object chosen) {
        boolean isLikeOne = input.several() && chosen instanceof String text && text.contains(",");
        return isLikeOne ? "; several are written as a list: [" + chosen + "]" : "";
    }

    /** What the template sees: values as they are meant, and what Copier's templates know of themselves. */
    Map<String, Object> context(Map<String, String> values) {
        Map<String, Object> context = new TreeMap<>(values);
        Map<String, Object> answers = new TreeMap<>();
        answers.put("_src_path", template.ref());
        for (InputSpec input : template.metadata().inputs().values()) {
            String text = values.getOrDefault(input.name(), "");
            if (input.secret()) {
                context.put(input.name(), requireReference(input, text));
                continue;
            }
            Object value = input.parse(text);
            if (isAsked(input, context)) {
                answers.put(input.name(), value);
            }
            context.put(input.name(), value);
        }
        TreeFormat format = template.metadata().format();
        context.put("_copier_answers", answers);
        context.put(
                "_copier_conf",
                new TreeMap<>(Map.of("answers_file", format.answersFile(), "src_path", template.ref(), "sep", "/")));
        return context;
    }

    /** No file is made with the value of a secret in it. */
    private String requireReference(InputSpec input, String text) {
        if (!text.isEmpty() && TemplateInputs.referenced(text).isEmpty()) {
            throw new InvalidInputException(
                    input.name(),
                    "is a secret of template '" + template.ref()
                            + "', and is rendered as a reference only; ask the engine for its inputs first");
        }
        return text;
    }
}

package dev.angee.template;

import dev.angee.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What one template asks for, and what it is told. */
final class Answers {
    private final Template template;
    private final TemplateRenderer renderer;

    Answers(Template template, TemplateRenderer renderer) {
        this.template = template;
        this.renderer = renderer;
    }

    /** All values as text, as they are kept. */
    Map<String, String> all(Map<String, String> given) {
        Map<String, String> values = new TreeMap<>(given);
        Map<String, Object> known = new LinkedHashMap<>(given);
        Map<String, InputSpec> asked = template.metadata().inputs();
        asked.forEach((name, input) -> {
            if (given.containsKey(name)) {
                known.put(name, input.parse(given.getOrDefault(name, "")));
            }
        });
        List<String> missing = new ArrayList<>();
        for (InputSpec input : asked.values()) {
            String name = input.name();
            boolean isGiven = given.containsKey(name);
            String value = isGiven ? given.getOrDefault(name, "") : standard(input, known);
            if (value.isBlank() && input.required() && isAsked(input, known)) {
                missing.add(name);
            } else {
                known.put(name, checked(input, value, isGiven, known));
            }
            values.put(name, value);
        }
        if (!missing.isEmpty()) {
            throw new InvalidInputException(
                    "inputs",
                    "template '" + template.ref() + "' needs a value for: "
                            + missing.stream().sorted().collect(Collectors.joining(", ")));
        }
        return values;
    }

    private boolean isAsked(InputSpec input, Map<String, Object> known) {
        return input.when()
                .map(when -> InputType.isTrue(rendered(input, "when", when, known)))
                .orElse(true);
    }

    /** Of a list, each text is a template of its own, so that no value can be more than one item. */
    private String standard(InputSpec input, Map<String, Object> known) {
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

    private Object checked(InputSpec input, String text, boolean given, Map<String, Object> known) {
        Object value = input.parse(text);
        if (!input.choices().isEmpty() && (given || !text.isEmpty())) {
            requireChosen(input, input.several() && value instanceof List<?> list ? list : List.of(value), known);
        }
        if (input.validator().isPresent()) {
            Map<String, Object> context = new LinkedHashMap<>(known);
            context.put(input.name(), value);
            String problem = rendered(input, "validator", input.validator().get(), context)
                    .strip();
            if (!problem.isEmpty()) {
                throw new InvalidInputException(input.name(), problem);
            }
        }
        return value;
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
                                + choices.stream().map(InputType::written).collect(Collectors.joining(", ")));
            }
        }
    }

    /** What the template sees: values as they are meant, and what Copier's templates know of themselves. */
    Map<String, Object> context(Map<String, String> values) {
        Map<String, Object> context = new TreeMap<>(values);
        Map<String, Object> answers = new TreeMap<>();
        answers.put("_src_path", template.ref());
        for (InputSpec input : template.metadata().inputs().values()) {
            Object value = input.parse(values.getOrDefault(input.name(), ""));
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
}

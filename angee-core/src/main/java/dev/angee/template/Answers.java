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
    private static final String FALSE_WORDS = "(?i)\\s*(false|no|n|off|0|none|null|~)?\\s*";

    private final Template template;
    private final TemplateRenderer renderer;

    Answers(Template template, TemplateRenderer renderer) {
        this.template = template;
        this.renderer = renderer;
    }

    /** All values as text, as they are kept. */
    Map<String, String> all(Map<String, String> given) {
        Map<String, String> values = new TreeMap<>(given);
        Map<String, Object> known = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (InputSpec input : template.metadata().inputs().values()) {
            String name = input.name();
            boolean asked = isAsked(input, known);
            String value = asked && given.containsKey(name) ? given.getOrDefault(name, "") : standard(input, known);
            if (value.isBlank() && input.required() && asked) {
                missing.add(name);
            } else {
                known.put(name, checked(input, value, known));
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
                .map(when -> !rendered(input, "when", when, known).matches(FALSE_WORDS))
                .orElse(true);
    }

    private String standard(InputSpec input, Map<String, Object> known) {
        return input.standard()
                .map(text -> rendered(input, "default", text, known))
                .orElse("");
    }

    private String rendered(InputSpec input, String key, String text, Map<String, Object> known) {
        String name = template.ref() + "/" + TemplateMetadata.FILE_NAME + ": " + input.name() + "." + key;
        return renderer.render(new TemplateText(name, text), known, TemplateIncludes.none());
    }

    private Object checked(InputSpec input, String text, Map<String, Object> known) {
        Object value = input.parse(text);
        List<?> chosen = input.several() && value instanceof List<?> list ? list : List.of(text);
        for (Object each : chosen) {
            if (!input.choices().isEmpty()
                    && !text.isEmpty()
                    && !input.choices().contains(InputType.written(each))) {
                throw new InvalidInputException(
                        input.name(),
                        "'" + InputType.written(each) + "' is none of: " + String.join(", ", input.choices()));
            }
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
                "_copier_conf", Map.of("answers_file", format.answersFile(), "src_path", template.ref(), "sep", "/"));
        return context;
    }
}

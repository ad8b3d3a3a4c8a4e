package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.Suggestion;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * One time that a template is answered. What is given goes before what was answered the last time, that before the template's own
 * default, and that before a random value.
 */
final class Asking {
    private final Answers answers;
    private final Map<String, InputSpec> asked;
    private final Map<String, String> given;
    private final KeptInputs kept;
    private final IntFunction<Optional<String>> random;

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, Object> known = new LinkedHashMap<>();
    private final Map<SecretName, SecretValue> secrets = new TreeMap<>();
    private final List<String> missing = new ArrayList<>();
    private final Map<String, AngeeException> wrong = new LinkedHashMap<>();

    /** Draws a random value of some length; empty if none is to be made now. */
    Asking(Answers answers, Map<String, String> given, KeptInputs kept, IntFunction<Optional<String>> random) {
        this.answers = answers;
        this.asked = answers.template().metadata().inputs();
        this.given = given;
        this.kept = kept;
        this.random = random;
        for (Map<String, String> each : List.of(kept.values(), given)) {
            values.putAll(each);
            known.putAll(each);
        }
        given.keySet().stream()
                .filter(name -> !asked.containsKey(name))
                .sorted()
                .forEach(this::requireFit);
        asked.values().forEach(this::prepare);
        asked.values().forEach(this::answer);
    }

    /** What nobody asks for is kept, too. */
    private void requireFit(String name) {
        attempt(name, () -> InputSpec.requireFit(name, given.getOrDefault(name, "")));
    }

    /** A default may be made of what is given for a later question. */
    private void prepare(InputSpec input) {
        String name = input.name();
        if (input.secret()) {
            values.remove(name);
            known.put(name, keptSecret(input).map(TemplateInputs::reference).orElse(""));
        } else if (values.containsKey(name)) {
            attempt(input, () -> known.put(name, input.parse(values.getOrDefault(name, ""))));
        }
    }

    private void attempt(InputSpec input, Runnable check) {
        attempt(input.name(), check);
    }

    private void attempt(String name, Runnable check) {
        try {
            check.run();
        } catch (InvalidInputException | InvalidDocumentException e) {
            wrong.putIfAbsent(name, e);
        }
    }

    private void answer(InputSpec input) {
        if (input.secret()) {
            new SecretAnswer(input).answer();
        } else {
            plain(input);
        }
    }

    private void plain(InputSpec input) {
        String name = input.name();
        boolean isAsked = answers.isAsked(input, known);
        if (!isAsked && !isStaying(input)) {
            values.remove(name);
            known.remove(name);
            wrong.remove(name);
        }
        String value = values.containsKey(name) ? values.getOrDefault(name, "") : answers.standard(input, known);
        if (value.isBlank() && input.rules().generated().isPresent() && isAsked) {
            Optional<String> made = random.apply(input.rules().generated().getAsInt());
            if (made.isEmpty()) {
                known.put(name, "");
                values.remove(name);
                return;
            }
            value = made.get();
        }
        requireUnchanged(input);
        values.put(name, value);
        if (value.isBlank() && input.required() && isAsked) {
            missing.add(name);
            return;
        }
        String text = value;
        if (!wrong.containsKey(name)) {
            boolean isGiven = given.containsKey(name); // what was kept as nothing had no value before, either
            attempt(input, () -> known.put(name, answers.checked(input, text, isGiven, known)));
        }
    }

    /** Whether a question that is not asked has an answer nevertheless. */
    private boolean isStaying(InputSpec input) {
        return given.containsKey(input.name()) || input.rules().immutable();
    }

    private void requireUnchanged(InputSpec input) {
        String name = input.name();
        if (!input.rules().immutable()
                || !given.containsKey(name)
                || !kept.values().containsKey(name)) {
            return;
        }
        String before = kept.values().getOrDefault(name, "");
        String now = given.getOrDefault(name, "");
        attempt(input, () -> {
            if (!before.equals(now) && !input.parse(before).equals(input.parse(now))) {
                throw new InvalidInputException(
                        name, "cannot become '" + now + "': it is immutable, and was '" + before + "' from the start");
            }
        });
    }

    private Optional<SecretName> keptSecret(InputSpec input) {
        return TemplateInputs.referenced(kept.values().getOrDefault(input.name(), ""));
    }

    private Optional<SecretValue> stored(SecretName name) {
        return Optional.ofNullable(secrets.get(name)).or(() -> kept.stored().apply(name));
    }

    /** What would be wrong; nothing is thrown for what was given. */
    TemplateCheck check() {
        List<TemplateCheck.Finding> unknown = new TreeMap<>(given)
                .keySet().stream()
                        .filter(name -> !asked.containsKey(name))
                        .map(name -> new TemplateCheck.Finding(
                                name, "is not asked for" + Suggestion.among(asked.keySet(), "asked for", name)))
                        .toList();
        return new TemplateCheck(missing, invalid(), unknown, values);
    }

    private List<TemplateCheck.Finding> invalid() {
        return wrong.entrySet().stream()
                .map(each -> new TemplateCheck.Finding(each.getKey(), reason(each.getValue())))
                .sorted(Comparator.comparing(TemplateCheck.Finding::field))
                .toList();
    }

    private static String reason(AngeeException problem) {
        return problem instanceof InvalidInputException invalid
                ? invalid.reason()
                : String.valueOf(problem.getMessage());
    }

    /** All values. */
    TemplateInputs inputs() {
        if (wrong.size() == 1 && missing.isEmpty()) {
            throw wrong.values().iterator().next();
        }
        List<TemplateCheck.Finding> invalid = invalid();
        String needed = "template '" + answers.template().ref() + "' needs a value for: "
                + missing.stream().sorted().collect(Collectors.joining(", "));
        if (!invalid.isEmpty()) {
            throw together(invalid, missing.isEmpty() ? List.of() : List.of(needed));
        }
        if (!missing.isEmpty()) {
            throw new InvalidInputException("inputs", needed);
        }
        return new TemplateInputs(values, secrets);
    }

    /** All that is wrong, as what is wrong with the first. */
    private static InvalidInputException together(List<TemplateCheck.Finding> invalid, List<String> needed) {
        List<String> reasons = new ArrayList<>(List.of(invalid.get(0).reason()));
        invalid.stream().skip(1).forEach(each -> reasons.add(each.field() + ": " + each.reason()));
        reasons.addAll(needed);
        return new InvalidInputException(invalid.get(0).field(), String.join("; ", reasons));
    }

    /** The answer to one question whose value nobody is shown. */
    private final class SecretAnswer {
        private final InputSpec input;
        private SecretName name;
        private Optional<SecretValue> value;

        SecretAnswer(InputSpec input) {
            this.input = input;
            this.name = keptSecret(input).orElseGet(() -> kept.secret(input.name()));
            this.value = stored(name);
        }

        void answer() {
            boolean isAsked = answers.isAsked(input, known);
            boolean isImmutable = input.rules().immutable() && keptSecret(input).isPresent();
            if (!isAsked && given.getOrDefault(input.name(), "").isBlank() && !isImmutable) {
                values.put(input.name(), "");
                known.put(input.name(), "");
                return;
            }
            attempt(input, () -> {
                find(given.getOrDefault(input.name(), ""));
                value.ifPresent(this::check);
            });
            boolean isMade = input.rules().generated().isPresent();
            if (value.isEmpty() && input.required() && !isMade && isAsked) {
                missing.add(input.name());
            }
            String reference =
                    value.map(present -> TemplateInputs.reference(name)).orElse("");
            values.put(input.name(), reference);
            known.put(input.name(), reference);
        }

        private void find(String text) {
            if (TemplateInputs.isMadeOfSecrets(text)) {
                throw refused("is made of a secret and something else; give a secret as a whole");
            }
            Optional<SecretName> other = TemplateInputs.referenced(text);
            if (other.isPresent()) {
                SecretName wanted = other.get();
                requireUnchanged(stored(wanted));
                name = wanted;
                value = stored(wanted);
                if (value.isEmpty()) {
                    throw refused("refers to secret '" + wanted + "', which has no value");
                }
            } else if (!text.isBlank()) {
                SecretValue told = SecretValue.of(text);
                requireUnchanged(Optional.of(told));
                put(told);
            } else if (value.isEmpty()) {
                first().map(SecretValue::of).ifPresent(this::put);
            }
        }

        private Optional<String> first() {
            String standard = answers.standard(input, known);
            if (!standard.isBlank()) {
                return Optional.of(standard);
            }
            return input.rules().generated().isPresent() && answers.isAsked(input, known)
                    ? random.apply(input.rules().generated().getAsInt())
                    : Optional.empty();
        }

        private void put(SecretValue fresh) {
            boolean isKept =
                    keptSecret(input).isPresent() && value.filter(fresh::equals).isPresent();
            if (!isKept) {
                secrets.put(name, fresh);
            }
            value = Optional.of(fresh);
        }

        private void requireUnchanged(Optional<SecretValue> now) {
            if (input.rules().immutable() && keptSecret(input).isPresent() && value.isPresent() && !value.equals(now)) {
                throw refused("is immutable, and has another value from the start");
            }
        }

        /** A message of a check may quote the value, and so may what it is caused by: neither is passed on. */
        private void check(SecretValue present) {
            Object meant;
            try {
                meant = answers.checked(withoutValidator(), present.reveal(), true, known);
            } catch (AngeeException e) {
                throw refused("is not of type " + input.type() + ", or none of its choices");
            }
            boolean right;
            try {
                right = answers.problem(input, meant, known).isEmpty();
            } catch (AngeeException e) {
                throw refused("the template's validator fails on it");
            }
            if (!right) {
                throw refused(reason());
            }
        }

        private InputSpec withoutValidator() {
            return new InputSpec(
                    input.name(),
                    input.type(),
                    input.rules(),
                    input.standard(),
                    input.choices(),
                    input.several(),
                    input.when(),
                    Optional.empty());
        }

        /** What the validator says of the reference, which it has seen nothing else of; if it says anything. */
        private String reason() {
            try {
                String said = answers.problem(input, TemplateInputs.reference(name), known);
                return said.isEmpty() ? "is not what the template's validator takes" : said;
            } catch (AngeeException e) {
                return "is not what the template's validator takes";
            }
        }

        private InvalidInputException refused(String reason) {
            return new InvalidInputException(input.name(), reason);
        }
    }
}

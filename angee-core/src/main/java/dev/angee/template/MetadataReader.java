package dev.angee.template;

import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.Problems;
import dev.angee.internal.yaml.YamlDocument;
import dev.angee.secret.SecretName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code copier.yml}: Copier's own keys, its questions, and {@code _angee}. */
final class MetadataReader {
    private static final int LONGEST_NAME = 63;
    private static final String NOTHING =
            "the file is empty; it needs at least '_angee: { kind: <stack, workspace or service> }'";

    /** Copier's keys that are honoured, and those that ask for nothing here. */
    private static final Set<String> KNOWN_KEYS = Set.of(
            "_angee",
            "_answers_file",
            "_exclude",
            "_message_after_copy",
            "_min_copier_version",
            "_preserve_symlinks",
            "_secret_questions",
            "_subdirectory",
            "_templates_suffix");

    private final Problems problems;
    private final MappingReader root;

    private MetadataReader(String file, String text) {
        problems = new Problems(file);
        root = new MappingReader(YamlDocument.parse(file, text, NOTHING), "", problems);
    }

    static TemplateMetadata read(String file, String text) {
        return new MetadataReader(file, text).read();
    }

    private TemplateMetadata read() {
        MappingReader angee = root.map("_angee");
        String kind = angee.required("kind").isEmpty()
                ? ""
                : angee.word("kind", List.of("stack", "workspace", "service")).orElse("");
        Optional<String> title = angee.text("name");
        Map<String, InputSpec> inputs = new LinkedHashMap<>(angee.entries("inputs", QuestionReader::full));
        questions(inputs);
        secretQuestions(inputs);
        generated(inputs);
        Map<String, SlotTemplate> slots = angee.entries("sources", MetadataReader::slot);
        List<ChainEntry> chain = chain(angee);
        Map<String, Object> ensure = EnsureReader.read(angee.map("ensure"));
        Map<String, PersistTemplate> persist = angee.entries("persist", MetadataReader::persist);
        persist.values().removeIf(each -> each.subpath().isBlank());
        InstanceNaming naming =
                angee.map("instance_naming", MetadataReader::naming).orElse(InstanceNaming.standard());
        Optional<Expression> namePattern = pattern(angee, "name_pattern");
        Optional<String> chainRoot = angee.text("chain_root");
        Optional<String> includeRoot = angee.text("include_root");
        angee.finish();
        TreeFormat format = format(includeRoot);
        problems.throwIfAny();
        return new TemplateMetadata(
                kind,
                title,
                format,
                inputs,
                questionNames(),
                slots,
                chainRoot,
                chain,
                ensure,
                persist,
                naming,
                namePattern);
    }

    private static Optional<PersistTemplate> persist(String name, MappingReader entry) {
        return Optional.of(new PersistTemplate(name, entry.text("subpath").orElse(""), entry.text("scope")));
    }

    private static Optional<InstanceNaming> naming(MappingReader entry) {
        return Optional.of(new InstanceNaming(
                pattern(entry, "pattern"), pattern(entry, "fallback"), entry.integer("max_length", 0, LONGEST_NAME)));
    }

    /** One that is blank is not there. */
    private static Optional<Expression> pattern(MappingReader entry, String key) {
        return entry.expression(key).filter(pattern -> !pattern.text().isBlank());
    }

    /** How the template's files become the rendered ones. */
    private TreeFormat format(Optional<String> includeRoot) {
        String subdirectory =
                root.text("_subdirectory").filter(s -> !s.equals(".")).orElse("");
        // Copier's own rule: what is beside the content needs no leaving out where the content has a folder of its own.
        List<String> excluded = root.has("_exclude")
                ? root.texts("_exclude", MappingReader.ListForm.LIST)
                : subdirectory.isEmpty() ? TreeFormat.EXCLUDED : List.of();
        return new TreeFormat(
                root.value("_templates_suffix")
                        .flatMap(node -> root.text(node, "_templates_suffix"))
                        .orElse(".jinja"),
                subdirectory,
                excluded,
                root.flag("_preserve_symlinks"),
                root.text("_answers_file").orElse(".copier-answers.yml"),
                includeRoot);
    }

    /** Copier's questions: every top-level key without a leading underscore. */
    private Set<String> questionNames() {
        return root.writtenNames().stream().filter(key -> !key.startsWith("_")).collect(Collectors.toSet());
    }

    private void questions(Map<String, InputSpec> inputs) {
        for (String key : root.writtenNames()) {
            InputSpec declared = inputs.get(key);
            if (key.startsWith("_")) {
                if (!KNOWN_KEYS.contains(key)) {
                    root.problem(key, "is not supported yet; remove it");
                }
            } else if (root.value(key).filter(v -> v instanceof MappingNode).isPresent()) {
                MappingReader question = root.map(key);
                inputs.put(key, QuestionReader.over(declared, key, question));
                question.finish();
            } else {
                inputs.put(key, QuestionReader.brief(declared, key, root.value(key)));
            }
        }
    }

    /** Copier's older way to say which answers are secrets. */
    private void secretQuestions(Map<String, InputSpec> inputs) {
        for (String name : root.texts("_secret_questions", MappingReader.ListForm.LIST)) {
            if (inputs.computeIfPresent(name, (key, input) -> input.asSecret()) == null) {
                root.problem("_secret_questions", "'" + name + "' is asked nowhere");
            }
        }
        inputs.forEach((name, input) -> {
            if (input.secret() && !SecretName.isValid(name)) {
                root.problem(name, "is a secret, and its name cannot be one's: letters, digits, '.', '_' and '-'");
            }
        });
    }

    /** By what holds of a question in the end, wherever it is said. */
    private void generated(Map<String, InputSpec> inputs) {
        inputs.forEach((name, input) -> {
            if (input.rules().generated().isPresent()) {
                input.beyondChance()
                        .ifPresent(what -> root.problem(
                                name,
                                "is 'generated', and a random text is never " + what + "; leave 'generated' out"));
            }
        });
    }

    private static Optional<SlotTemplate> slot(String slot, MappingReader entry) {
        entry.word("mode", List.of("worktree"));
        Optional<Expression> repo = pattern(entry, "repo");
        Optional<Expression> url = pattern(entry, "url");
        if (repo.isPresent() && url.isPresent()) {
            entry.contradiction("url", "is another word for 'repo'; keep one");
        }
        SlotOrigin origin = new SlotOrigin(
                pattern(entry, "kind"),
                repo.or(() -> url),
                pattern(entry, "path"),
                pattern(entry, "default_ref"),
                pattern(entry, "cache_path"));
        return Optional.of(new SlotTemplate(
                slot,
                entry.expression("source"),
                entry.expression("branch"),
                entry.expression("ref"),
                entry.expression("subpath"),
                origin,
                entry.flag("optional")));
    }

    private List<ChainEntry> chain(MappingReader angee) {
        List<ChainEntry> chain = new ArrayList<>();
        Node value = angee.value("chain").orElse(null);
        if (value instanceof SequenceNode sequence) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                MappingReader entry = new MappingReader(item, "_angee.chain[" + index++ + "]", problems);
                Optional<Expression> root = entry.expression("root");
                Map<String, Expression> inputs = entry.expressionMap("inputs");
                entry.required("template");
                entry.expression("template").ifPresent(template -> chain.add(new ChainEntry(template, root, inputs)));
                entry.unbuilt("workdir", "remove it");
                entry.finish();
            }
        } else if (value != null) {
            angee.problem("chain", "expected a list");
        }
        return chain;
    }
}

package dev.angee.template;

import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.Problems;
import dev.angee.internal.yaml.YamlDocument;
import dev.angee.port.PortPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code copier.yml}: Copier's own keys, its questions, and {@code _angee}. */
final class MetadataReader {
    private static final String POOL_PREFIX = "operator.port_pool.";
    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,5})\\s*-\\s*(\\d{1,5})\\s*");

    /** Copier's keys that are honoured, and those that ask for nothing here. */
    private static final Set<String> KNOWN_KEYS = Set.of(
            "_angee",
            "_answers_file",
            "_exclude",
            "_message_after_copy",
            "_min_copier_version",
            "_preserve_symlinks",
            "_subdirectory",
            "_templates_suffix");

    private final Problems problems;
    private final MappingReader root;

    private MetadataReader(String file, String text) {
        problems = new Problems(file);
        root = new MappingReader(YamlDocument.parse(file, text), "", problems);
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
        questions().forEach((name, question) -> inputs.merge(name, question, InputSpec::over));
        Map<String, SlotTemplate> slots = angee.entries("sources", MetadataReader::slot);
        List<ChainEntry> chain = chain(angee);
        Map<String, PortPool> pools = pools(angee);
        Optional<String> chainRoot = angee.text("chain_root");
        Optional<String> includeRoot = angee.text("include_root");
        for (String key : List.of("name_pattern", "instance_naming", "persist")) {
            angee.unbuilt(key, "remove it");
        }
        angee.finish();
        TreeFormat format = format(includeRoot);
        problems.throwIfAny();
        return new TemplateMetadata(kind, title, format, inputs, slots, chainRoot, chain, pools);
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
    private Map<String, InputSpec> questions() {
        Map<String, InputSpec> inputs = new LinkedHashMap<>();
        for (String key : root.writtenNames()) {
            if (key.startsWith("_")) {
                if (!KNOWN_KEYS.contains(key)) {
                    root.problem(key, "is not supported yet; remove it");
                }
            } else if (root.value(key).filter(v -> v instanceof MappingNode).isPresent()) {
                MappingReader question = root.map(key);
                QuestionReader.full(key, question).ifPresent(input -> inputs.put(key, input));
                question.finish();
            } else {
                inputs.put(key, QuestionReader.brief(key, root.value(key)));
            }
        }
        return inputs;
    }

    private static Optional<SlotTemplate> slot(String slot, MappingReader entry) {
        entry.word("mode", List.of("worktree"));
        for (String key : List.of("kind", "repo", "url", "path", "default_ref", "cache_path", "optional")) {
            entry.unbuilt(key, "declare the source in angee.yaml");
        }
        return Optional.of(new SlotTemplate(
                slot,
                entry.expression("source"),
                entry.expression("branch"),
                entry.expression("ref"),
                entry.expression("subpath")));
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

    /** {@code ensure} of a port pool; other invariants need a manifest editor and are refused. */
    private Map<String, PortPool> pools(MappingReader angee) {
        Map<String, PortPool> pools = new LinkedHashMap<>();
        MappingReader ensure = angee.map("ensure");
        for (String key : ensure.names()) {
            if (!key.startsWith(POOL_PREFIX)) {
                ensure.problem(key, "only " + POOL_PREFIX + "<pool> can be ensured for now");
                continue;
            }
            String pool = key.substring(POOL_PREFIX.length());
            MappingReader entry = ensure.map(key);
            String range = entry.required("range").orElse("");
            Matcher ends = RANGE.matcher(range);
            if (ends.matches()) {
                try {
                    int first = Integer.parseInt(ends.group(1));
                    pools.put(pool, new PortPool(pool, first, Integer.parseInt(ends.group(2))));
                } catch (IllegalArgumentException e) {
                    entry.problem("range", String.valueOf(e.getMessage()));
                }
            } else if (!range.isEmpty()) {
                entry.problem("range", "'" + range + "' is not a range of ports such as 8100-8199");
            }
            entry.finish();
        }
        return pools;
    }
}

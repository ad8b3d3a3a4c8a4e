package dev.angee.workspace;

import dev.angee.InvalidInputException;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.mount.Confinement;
import dev.angee.source.GitUrl;
import dev.angee.template.SlotOrigin;
import dev.angee.template.SlotTemplate;
import dev.angee.template.Template;
import dev.angee.template.Written;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which source fills which slot; one that the manifest does not declare is added to it, if the template knows it. */
final class DraftSources {
    private final WorkspaceContext context;
    private final Template template;
    private final Scope scope;
    private final Map<SlotTemplate, String> names = new LinkedHashMap<>();
    private final ManifestAdditions additions;
    private final Manifest manifest;

    DraftSources(WorkspaceContext context, Template template, Scope scope) {
        this.context = context;
        this.template = template;
        this.scope = scope;
        ManifestAdditions wanted = ManifestAdditions.of(
                context.layout().manifest(), template.metadata().ensure());
        Manifest ensured = wanted.preview();
        boolean complete = true;
        for (SlotTemplate slot : template.metadata().slots().values()) {
            String name = Written.evaluate(template, slot.source(), scope).orElse(slot.slot());
            if (ensured.sources().containsKey(name)) {
                names.put(slot, name);
                continue;
            }
            Map<String, Object> declaration = declaration(slot.origin());
            if (declaration.isEmpty()) {
                requireOptional(slot, name, ensured);
                continue;
            }
            names.put(slot, name);
            wanted = wanted.source(requireName(slot, name), declaration);
            complete = false;
        }
        this.additions = wanted;
        this.manifest = complete ? ensured : wanted.preview();
    }

    /** The manifest as it will be. */
    Manifest manifest() {
        return manifest;
    }

    ManifestAdditions additions() {
        return additions;
    }

    /** The sources of one kind, by slot. */
    Map<SlotTemplate, SourceSpec> of(SourceKind kind) {
        Map<SlotTemplate, SourceSpec> sources = new LinkedHashMap<>();
        names.forEach((slot, name) -> Optional.ofNullable(manifest.sources().get(name))
                .filter(source -> source.kind() == kind)
                .ifPresent(source -> sources.put(slot, source)));
        return sources;
    }

    /** Those that are fetched, each with its URL. */
    Map<SourceSpec, GitUrl> fetched() {
        Map<SourceSpec, GitUrl> sources = new LinkedHashMap<>();
        of(SourceKind.GIT)
                .values()
                .forEach(source -> sources.put(source, GitUrl.of(source.repo().orElseThrow())));
        return sources;
    }

    /** Empty if the template does not know what the source is. */
    private Map<String, Object> declaration(SlotOrigin origin) {
        Map<String, Object> written = new LinkedHashMap<>();
        Optional<String> repo = Written.evaluate(template, origin.repo(), scope);
        Optional<String> path = Written.evaluate(template, origin.path(), scope);
        Optional<String> inferred =
                repo.isPresent() ? Optional.of("git") : path.isPresent() ? Optional.of("local") : Optional.empty();
        Optional<String> kind = Written.evaluate(template, origin.kind(), scope).or(() -> inferred);
        if (kind.isEmpty()) {
            return written;
        }
        written.put("kind", kind.get());
        repo.ifPresent(value -> written.put("repo", value));
        path.ifPresent(value -> written.put("path", value));
        Written.evaluate(template, origin.defaultRef(), scope).ifPresent(value -> written.put("default_ref", value));
        Written.evaluate(template, origin.cachePath(), scope).ifPresent(value -> {
            Path unused = Confinement.below(context.layout().root(), value); // a template clones nothing elsewhere
            written.put("cache_path", value);
        });
        return written;
    }

    private String requireName(SlotTemplate slot, String name) {
        if (!ManifestReader.isName(name)) {
            throw new InvalidInputException(
                    "source",
                    "slot '" + slot.slot() + "' of template '" + template.ref() + "': '" + name
                            + "' cannot be the name of a source");
        }
        return name;
    }

    private void requireOptional(SlotTemplate slot, String name, Manifest ensured) {
        if (!slot.optional()) {
            throw new InvalidInputException(
                    "source",
                    "slot '" + slot.slot() + "' of template '" + template.ref() + "' needs source '" + name
                            + "'; declare it in " + ensured.file() + " (declared: "
                            + String.join(", ", ensured.sources().keySet()) + ")");
        }
    }
}

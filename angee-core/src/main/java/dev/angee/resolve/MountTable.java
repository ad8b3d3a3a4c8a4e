package dev.angee.resolve;

import dev.angee.AngeeException;
import dev.angee.document.Problem;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.MountSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.Mount;
import dev.angee.mount.MountResolver;
import dev.angee.mount.ResolvedMount;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Collects the mounts and working directories of one manifest, and what is wrong with them. */
final class MountTable {
    private final Manifest manifest;
    private final Scope scope;
    private final MountResolver resolver;
    private final Set<String> given;
    private final List<Problem> problems;
    private final Map<String, ResolvedMount> mounts = new HashMap<>();
    private final Map<String, ResolvedMount> workdirs = new HashMap<>();

    MountTable(Manifest manifest, Scope scope, MountResolver resolver, Set<String> given, List<Problem> problems) {
        this.manifest = manifest;
        this.scope = scope;
        this.resolver = resolver;
        this.given = given;
        this.problems = problems;
    }

    Map<String, ResolvedMount> mounts() {
        return mounts;
    }

    Map<String, ResolvedMount> workdirs() {
        return workdirs;
    }

    /** What names an input that is not given has no place yet: it gets one when the job is run. */
    void add(WorkloadSpec spec) {
        Scope own = scope.with("name", spec.name());
        for (int i = 0; i < spec.mounts().size(); i++) {
            MountSpec written = spec.mounts().get(i);
            if (written.expressions().stream().noneMatch(this::isOpen)) {
                put(mounts, spec, "mounts[" + i + "]", () -> mount(written, own));
            }
        }
        spec.workdir()
                .filter(workdir -> Mount.isUri(workdir.text()) && !isOpen(workdir))
                .ifPresent(workdir -> put(workdirs, spec, "workdir", () -> Mount.parseWorkdir(workdir.evaluate(own))));
    }

    private boolean isOpen(Expression written) {
        return written.references().stream()
                .anyMatch(path -> path.startsWith("inputs.") && !given.contains(path.substring("inputs.".length())));
    }

    private static Mount mount(MountSpec written, Scope scope) {
        if (written instanceof MountSpec.Fields fields) {
            Mount mount = Mount.of(
                    Mount.Scheme.ofType(fields.type()),
                    fields.source().evaluate(scope),
                    fields.target().evaluate(scope));
            return fields.readOnly() ? mount.asReadOnly() : mount;
        }
        return Mount.parse(((MountSpec.Line) written).text().evaluate(scope));
    }

    private void put(Map<String, ResolvedMount> into, WorkloadSpec spec, String field, Supplier<Mount> mount) {
        String path = spec.path() + "." + field;
        try {
            into.put(path, resolver.resolve(mount.get(), spec.runtime()));
        } catch (ExpressionException e) {
            problems.add(manifest.problemAt(path, e.offset(), String.valueOf(e.getMessage())));
        } catch (AngeeException e) {
            problems.add(manifest.problemAt(path, String.valueOf(e.getMessage())));
        }
    }
}

package dev.angee.stack;

import dev.angee.RuntimeKind;
import dev.angee.internal.FileLocks;
import dev.angee.internal.JsonFile;
import dev.angee.internal.StateFormat;
import dev.angee.plan.ProjectName;
import dev.angee.resolve.StackLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a stack that was brought up, so that taking it down does not depend on today's manifest.
 *
 * @param version of this format
 * @param project the project it was brought up as
 * @param runtimes the runtimes that may have something of it
 * @param root the root it was brought up from; records of before 0.1 do not say
 */
record StackRecord(
        int version,
        String project,
        List<String> runtimes,
        @Nullable String root) {
    private static final int VERSION = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    StackRecord {
        JsonFile.requireVersion(version, VERSION);
        new ProjectName(project);
        runtimes = List.copyOf(runtimes);
        runtimes.forEach(RuntimeKind::valueOf);
    }

    /** Of this stack: the record in a copy of a root is still the original's, whose services run on. */
    static Optional<StackRecord> read(StackLayout layout) {
        return file(layout).read(StackRecord.class).filter(record -> !record.isOfAnotherThan(layout));
    }

    /** A root that was moved, or that another file system shows elsewhere, has left nothing where it was. */
    private boolean isOfAnotherThan(StackLayout layout) {
        if (root == null || root.equals(layout.root().toString())) {
            return false;
        }
        return file(StackLayout.of(Path.of(root)))
                .read(StackRecord.class)
                .filter(original -> original.project().equals(project))
                .isPresent();
    }

    /** Remembers more runtimes, before anything is started on them. */
    static void remember(StackLayout layout, ProjectName project, Collection<RuntimeKind> more) {
        StateFormat.mark(layout.run());
        Path lock = layout.run().resolve("stack-record.lock");
        try (FileLocks.Held held = FileLocks.take(lock, "remember " + project, PATIENCE)) {
            add(layout, project, more);
            held.check();
        }
    }

    private static void add(StackLayout layout, ProjectName project, Collection<RuntimeKind> more) {
        Optional<StackRecord> known = read(layout);
        Set<RuntimeKind> runtimes = known.map(StackRecord::kinds).orElse(EnumSet.noneOf(RuntimeKind.class));
        runtimes.addAll(more);
        StackRecord record = new StackRecord(
                VERSION,
                project.value(),
                runtimes.stream().map(RuntimeKind::name).toList(),
                layout.root().toString());
        if (known.isEmpty() || !known.get().equals(record)) {
            file(layout).write(record);
        }
    }

    static void forget(StackLayout layout) {
        file(layout).delete();
    }

    ProjectName projectName() {
        return new ProjectName(project);
    }

    Set<RuntimeKind> kinds() {
        EnumSet<RuntimeKind> kinds = EnumSet.noneOf(RuntimeKind.class);
        runtimes.forEach(name -> kinds.add(RuntimeKind.valueOf(name)));
        return kinds;
    }

    private static JsonFile file(StackLayout layout) {
        return JsonFile.at(layout.run().resolve("stack.json"));
    }
}

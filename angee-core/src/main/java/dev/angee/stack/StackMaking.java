package dev.angee.stack;

import dev.angee.ConflictException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.JsonFile;
import dev.angee.internal.StateFormat;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestReader;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Secrets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A draft that is carried out: its secrets are stored, then its files are changed. Whoever does this holds the lock of those who make
 * and update the stack, and no other: the store of secrets may be far away.
 */
final class StackMaking {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StackContext context;
    private final StackDraft draft;
    private final Optional<Manifest> before;
    private final List<SecretName> stored = new ArrayList<>();
    private boolean isMade;

    /** @param before the manifest as it was, if there was a stack */
    StackMaking(StackContext context, StackDraft draft, Optional<Manifest> before) {
        this.context = context;
        this.draft = draft;
        this.before = before;
    }

    /** The lock of those who make and update the stack of a root. */
    static FileLocks.Held lock(Path root, String purpose) {
        StateFormat.mark(root.resolve("run"));
        return FileLocks.take(root.resolve("run/stack-template.lock"), purpose, PATIENCE);
    }

    /** Whether, as things stand, it can be carried out. Reads only. */
    static void requireMakeable(StackDraft draft) {
        Manifest unused = checked(draft, new Reconciler(draft.place().seen()).plan(draft.rendering(), draft.options()));
    }

    /**
     * Does it. If it fails, what was stored is taken back, unless the files that refer to it may be made by the next who looks at them.
     *
     * @param isCurrent whether it is still to be done, with the lock of the manifest held; may throw
     * @return what was done; empty if it is not to be done any more
     */
    Optional<RenderPlan> run(BooleanSupplier isCurrent) {
        Manifest wanted = checked(draft, new Reconciler(draft.place().seen()).plan(draft.rendering(), draft.options()));
        Secrets secrets = secrets(wanted);
        try {
            store(secrets);
            move(wanted, secrets);
            Optional<RenderPlan> done = underLock(isCurrent);
            if (done.isEmpty()) {
                takeBack(secrets);
            }
            return done;
        } catch (RuntimeException | Error e) {
            try {
                takeBack(secrets);
            } catch (RuntimeException undoing) {
                e.addSuppressed(undoing);
            }
            throw e;
        }
    }

    private Secrets secrets(Manifest manifest) {
        return new StackSecrets(draft.layout(), context).of(manifest);
    }

    private void store(Secrets secrets) {
        draft.secrets().forEach((name, value) -> {
            boolean isNew = secrets.find(name).isEmpty();
            if (!secrets.setIfAbsent(name, value).equals(value)) {
                throw new ConflictException(
                        "secret",
                        name.value(),
                        "has another value already; delete it, or leave the input out to have that value");
            }
            if (isNew) {
                stored.add(name);
            }
        });
    }

    /** If the manifest is to name another store, what it declares and the old one has is in the new one, too. */
    private void move(Manifest wanted, Secrets secrets) {
        if (before.isEmpty() || before.get().secretsBackend().equals(wanted.secretsBackend())) {
            return;
        }
        Secrets old = secrets(before.get());
        for (String each : wanted.secrets().keySet()) {
            SecretName name = new SecretName(each);
            Optional<SecretValue> value = old.find(name);
            if (value.isPresent() && secrets.find(name).isEmpty()) {
                SecretValue unused = secrets.setIfAbsent(name, value.get());
                stored.add(name);
            }
        }
    }

    private void takeBack(Secrets secrets) {
        if (!isMade && StackPlace.unfinished(draft.root()).isEmpty()) {
            stored.forEach(secrets::delete);
        }
    }

    private Optional<RenderPlan> underLock(BooleanSupplier isCurrent) {
        Reconciler reconciler = new Reconciler(draft.place().made());
        try (FileLocks.Held held = FileLocks.take(StackPlace.lock(draft.root()), "change the files", PATIENCE)) {
            if (!isCurrent.getAsBoolean()) {
                return Optional.empty();
            }
            RenderPlan plan =
                    ManifestEditor.whileAllLocked(chainedManifests(), EditOptions.defaults(), () -> apply(reconciler));
            held.check();
            return Optional.of(plan);
        }
    }

    /** The manifests of chained stacks that are there, each of which others may be editing. */
    private List<Path> chainedManifests() {
        return draft.manifests().stream()
                .filter(path -> !path.equals(draft.place().manifest()))
                .map(draft.place().folder()::resolve)
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** What is made in spite of a failure is made. */
    private RenderPlan apply(Reconciler reconciler) {
        RenderPlan plan = reconciler.plan(draft.rendering(), draft.options());
        Manifest manifest = checked(draft, plan);
        try {
            reconciler.apply(plan, record(manifest));
        } catch (RuntimeException e) {
            boolean isCompleted =
                    reconciler.recover().filter(RenderRecovery::made).isPresent();
            if (!isCompleted) {
                throw e;
            }
        }
        isMade = true;
        return plan;
    }

    /** What is remembered changes with the files, if it does. */
    private Map<String, byte[]> record(Manifest manifest) {
        TemplateRecord next = draft.record(manifest.template().active());
        if (TemplateRecord.of(draft.root()).filter(next::equals).isPresent()) {
            return Map.of();
        }
        Path file = TemplateRecord.file(draft.root());
        return Map.of(draft.place().folder().relativize(file).toString(), JsonFile.bytes(next));
    }

    /** What the manifest will be, if the plan can be carried out and every manifest is sound then. */
    private static Manifest checked(StackDraft draft, RenderPlan plan) {
        plan.requireNoConflict("stack-template", draft.root().toString());
        draft.manifests().stream()
                .filter(path -> !path.equals(draft.place().manifest()))
                .forEach(path -> plan.text(path)
                        .ifPresent(text -> new ManifestReader()
                                .read(draft.place().folder().resolve(path).toString(), text)));
        return manifest(draft, plan);
    }

    /** What the manifest will be. */
    static Manifest manifest(StackDraft draft, RenderPlan plan) {
        Path file = draft.layout().manifest();
        return plan.text(draft.place().manifest())
                .map(text -> new ManifestReader().read(file.toString(), text))
                .orElseGet(() -> new ManifestReader().read(file));
    }
}

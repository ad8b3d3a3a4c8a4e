package dev.angee.service;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.change.FileChanges;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.render.LastRendering;
import dev.angee.render.OnConflict;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderLayer;
import dev.angee.render.RenderTarget;
import dev.angee.render.Resolution;
import dev.angee.render.TemplateUpdate;
import dev.angee.template.AskedInputs;
import dev.angee.template.KeptInputs;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateInputs;
import dev.angee.workspace.Recovery;
import dev.angee.workspace.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The services of one root, as they are declared in its {@code angee.yaml}. Every change is checked as a whole before anything is
 * written, made as a whole, and durable on return; comments and layout of the manifest stay.
 *
 * <p>What is made from a template is an entry in the manifest, its jobs, files in {@code services/<name>}, what is remembered of
 * them, leased ports and stored secrets. Ports and secrets come first, then the manifest is replaced by one rename, and then the files
 * and what is remembered of them change together. If anything fails, all is as before; if the JVM dies on the way, the next call for
 * this service, or {@link #recover}, makes the change whole or takes it back: until its last step it is taken back, and what others
 * have changed in the manifest meanwhile stays.
 *
 * <p>Thread-safe, also between JVMs: one at a time works on a service.
 */
public final class Services {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);

    private final ServiceContext context;
    private final Function<RenderTarget, Reconciler> reconcilers;
    private final ManifestReader reader = new ManifestReader();

    /** The services of the root that the context names. */
    public Services(ServiceContext context) {
        this(context, Reconciler::new);
    }

    /** The same, with files that tests can fail. */
    Services(ServiceContext context, Function<RenderTarget, Reconciler> reconcilers) {
        this.context = context;
        this.reconcilers = reconcilers;
    }

    /** The services that are declared, in name order. */
    public List<Service> list() {
        return declared().values().stream().map(Services::service).toList();
    }

    /**
     * One service.
     *
     * @throws NotFoundException if it is not declared
     */
    public Service get(String name) {
        Map<String, WorkloadSpec> services = declared();
        WorkloadSpec spec = services.get(name);
        if (spec == null) {
            throw new NotFoundException("service", name, "services: " + String.join(", ", services.keySet()));
        }
        return service(spec);
    }

    /**
     * What a service was made from; empty if it was not made from a template.
     *
     * @throws AngeeException {@code FAILED} if what is remembered of it is damaged, naming the file
     */
    public Optional<ServiceOrigin> origin(String name) {
        if (!ServiceNames.isName(name)) {
            return Optional.empty();
        }
        ServiceFiles files = files(name);
        Optional<ServiceAnswers> answers = files.answers();
        Optional<LastRendering> last = files.last();
        Optional<String> template = last.flatMap(
                        rendered -> rendered.layers().stream().findFirst())
                .map(RenderLayer::template)
                .filter(ref -> !ref.isBlank())
                .or(() -> answers.flatMap(ServiceAnswers::template));
        Optional<String> workspace = answers.flatMap(ServiceAnswers::workspace);
        return template.isEmpty() || workspace.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServiceOrigin(template.get(), workspace.get(), List.copyOf(jobs(last))));
    }

    private static Set<String> jobs(Optional<LastRendering> last) {
        return base(last).map(ServiceDocument::jobs).orElse(Set.of());
    }

    /** What its template rendered of the manifest the last time. */
    private static Optional<String> base(Optional<LastRendering> last) {
        return last.flatMap(rendered -> Optional.ofNullable(rendered.documents().get(ServiceDocument.PATH)))
                .map(ServiceDocument::entries);
    }

    /**
     * Declares a service, field by field. It is not started.
     *
     * @throws ConflictException if there is a service or a job of this name, or one that was half made and cannot be taken back
     * @throws dev.angee.document.InvalidDocumentException if the manifest would not be sound with it, saying why
     */
    public Service init(ServiceRequest request) {
        return edited(request.name(), "declare service", editor -> FieldEdits.add(editor, request));
    }

    /**
     * Changes fields of a service; those that are not named stay. What runs stays as it is until the stack is brought up.
     *
     * @throws NotFoundException if it is not declared
     * @throws ConflictException if it was half made or updated, and that cannot be taken back
     * @throws dev.angee.document.InvalidDocumentException if the manifest would not be sound with them, saying why
     */
    public Service update(String name, ServiceFields fields) {
        return edited(name, "change service", editor -> FieldEdits.change(editor, name, fields));
    }

    /** Under a name that no template can give, nothing can be under way. */
    private Service edited(String name, String purpose, Consumer<ManifestEditor> change) {
        if (!ServiceNames.isName(name)) {
            var unused = ManifestEditor.edit(context.layout().manifest(), change);
            return get(name);
        }
        try (FileLocks.Held held = lock(name, purpose)) {
            settle(name, files(name));
            var unused = ManifestEditor.edit(context.layout().manifest(), change);
            held.check();
            return get(name);
        }
    }

    /**
     * Makes a service from a template, and declares it. It is not started.
     *
     * <p>Of what the template renders, {@code service.yaml} becomes entries of the manifest: one service, and jobs whose names begin
     * with the service's and a dash. All else becomes files in {@code services/<name>}. Secrets that it refers to are declared, the
     * values of secret inputs are stored, and a port is leased from each pool whose port shows in what is rendered.
     *
     * @throws NotFoundException if there is no such template or workspace
     * @throws ConflictException if there is a service or job of this name, or something stands in its folder
     * @throws AngeeException {@code INVALID} for inputs that the template does not take, a {@code service.yaml} that is not this
     *     service's, or a manifest that would not be sound; {@code UNAVAILABLE} if no port is free. Nothing of it is left then
     */
    public Service create(ServiceFromTemplate request) {
        Template template = context.catalog().find(request.template(), "service");
        AskedInputs.of(template).requireSpelt(request.inputs().keySet(), Set.of());
        Workspace workspace = context.workspaces().get(request.workspace());
        String name = request.name()
                .orElseGet(() -> ServiceNames.of(
                        template,
                        workspace,
                        context.engine()
                                .check(template, with(request.inputs(), ServiceDraft.given(workspace)))
                                .effective()));
        try (FileLocks.Held held = lock(name, "create service")) {
            ServiceFiles files = files(name);
            settle(name, files);
            requireFree(name, files);
            ServiceDraft draft = new ServiceDraft(
                    context,
                    name,
                    workspace,
                    template,
                    inputs(name, template, with(request.inputs(), ServiceDraft.given(name, workspace)), Map.of()));
            draft.requireFree(ManifestEditor.open(context.layout().manifest()));
            new ServiceMaking(context, files, draft, Resolution.of(OnConflict.OVERWRITE)).create();
            held.check();
            return get(name);
        }
    }

    private void requireFree(String name, ServiceFiles files) {
        if (ManifestEditor.open(context.layout().manifest()).has(List.of("services", name))) {
            throw new ConflictException("service", name, "already exists; destroy or update it, or take another name");
        }
        if (!files.isFree()) {
            throw new ConflictException(
                    "service", name, context.layout().service(name) + " is not empty; move it away");
        }
    }

    private static Map<String, String> with(Map<String, String> inputs, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(inputs);
        all.putAll(own);
        return all;
    }

    private TemplateInputs inputs(String name, Template template, Map<String, String> given, Map<String, String> kept) {
        ServiceSecrets secrets = new ServiceSecrets(context);
        return context.engine()
                .inputs(template, given, KeptInputs.of(name).values(kept).secrets(secrets::find));
    }

    /**
     * What {@link #updateFromTemplate} would change, and what stands in its way. Changes nothing; a value that is generated is
     * another one then.
     *
     * @throws AngeeException as {@link #updateFromTemplate}, but for conflicts
     */
    public ServiceDiff preview(String name, TemplateUpdate update) {
        ServiceNames.require(name);
        ServiceNames.requireNotReserved(update.inputs().keySet());
        Service service = get(name);
        ServiceFiles files = files(name);
        return new ServiceMaking(context, files, draft(name, files, update), update.resolution())
                .preview(service, base(files.last()));
    }

    /**
     * Brings a service to what its template renders now. What was changed here since stays, what the template has changed is taken
     * over, what it dropped and nobody touched goes, and what both have changed is a conflict: of files, each as a whole; of the
     * manifest, entry by entry. Nothing is started, stopped or renamed.
     *
     * @return what has changed
     * @throws NotFoundException if it is not declared, or its template or its workspace is not there
     * @throws InvalidInputException if it was not made from a template, or an input is the library's own to give
     * @throws ConflictException if there are conflicts and they are refused, naming them all; nothing is changed then
     */
    public ServiceDiff updateFromTemplate(String name, TemplateUpdate update) {
        ServiceNames.require(name);
        ServiceNames.requireNotReserved(update.inputs().keySet());
        try (FileLocks.Held held = lock(name, "update service")) {
            ServiceFiles files = files(name);
            settle(name, files);
            Service service = get(name);
            ServiceDiff made = new ServiceMaking(context, files, draft(name, files, update), update.resolution())
                    .update(service, base(files.last()));
            held.check();
            return made;
        }
    }

    private ServiceDraft draft(String name, ServiceFiles files, TemplateUpdate update) {
        ServiceOrigin origin = origin(name)
                .orElseThrow(() -> new InvalidInputException(
                        "template",
                        "service '" + name + "' was not made from a template, or it is not known any more; its answers"
                                + " are expected in " + context.layout().service(name)));
        Template template = template(origin, update);
        Workspace workspace = context.workspaces().get(origin.workspace());
        Map<String, String> given = new TreeMap<>();
        Map<String, String> kept =
                new TreeMap<>(files.answers().map(told -> told.inputs(template)).orElse(Map.of()));
        AskedInputs.of(template).requireSpelt(update.inputs().keySet(), kept.keySet());
        // A Go operator has written secrets in clear: they are stored as if they were given now.
        template.metadata().inputs().values().stream()
                .filter(input -> input.secret()
                        && TemplateInputs.referenced(kept.getOrDefault(input.name(), ""))
                                .isEmpty())
                .forEach(input -> Optional.ofNullable(kept.remove(input.name()))
                        .filter(value -> !value.isBlank())
                        .ifPresent(value -> given.put(input.name(), value)));
        given.putAll(update.inputs());
        given.putAll(ServiceDraft.given(name, workspace));
        ServiceDraft draft = new ServiceDraft(context, name, workspace, template, inputs(name, template, given, kept));
        files.answers().ifPresent(answers -> draft.replacing(files.answersFile()));
        return draft;
    }

    /** By its name, which is the same on every host, or by a path where the host allows one; else somebody has to say. */
    private Template template(ServiceOrigin origin, TemplateUpdate update) {
        String ref = update.template().orElse(origin.template());
        try {
            return context.catalog().find(ref, "service");
        } catch (NotFoundException e) {
            if (update.template().isPresent() || !TemplateCatalog.isLocalPath(ref)) {
                throw e;
            }
            throw new InvalidInputException(
                    "template",
                    "it was made from '" + ref
                            + "', a path that is not there any more or not allowed here; say the name"
                            + " of its template: " + e.getMessage());
        }
    }

    /**
     * Takes a service away: its entry, and of one that was made from a template also its jobs, its folder with all that is in there,
     * its ports, and the secrets that were made for it and nothing else refers to; and a workspace that only services have declared
     * goes out of the manifest with the last of them. It is ended only once it is sure that it can be taken out.
     *
     * @throws NotFoundException if it is not declared
     * @throws dev.angee.document.InvalidDocumentException if something else needs it, saying what; nothing is changed then
     * @throws AngeeException {@code FAILED} if something cannot be removed; {@link #recover} goes on from there
     * @throws InterruptedException if interrupted while it ends
     */
    public void destroy(String name, ServiceRemoval options) throws InterruptedException {
        if (!ServiceNames.isName(name)) {
            get(name);
            new ServiceEnding(context, name).undeclare(options, List.of(), ServiceRecord.nothing());
            return;
        }
        try (FileLocks.Held held = lock(name, "destroy service")) {
            ServiceFiles files = files(name);
            // What cannot be taken back goes with the rest: this is the way out.
            var unused = new ServiceSettling(context, name, files).settle();
            get(name);
            new ServiceEnding(context, name).destroy(options, files, jobs(files.last()));
            held.check();
        }
    }

    /**
     * Makes whole, or takes back, what a JVM that died has left half made. What another JVM is at work on is left alone.
     *
     * @return the services with something that was taken back, each as {@code service <name>}; what became of files that somebody has
     *     changed meanwhile; and what could not be taken back, with the reason
     */
    public Recovery recover() {
        List<String> undone = new ArrayList<>();
        List<String> known = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (String name : unfinished()) {
            String told = "service " + name;
            try {
                Optional<FileLocks.Held> held =
                        FileLocks.tryTake(context.layout().serviceLock(name), "recover");
                if (held.isPresent()) {
                    try (FileLocks.Held lock = held.get()) {
                        ServiceSettling.Settled settled = new ServiceSettling(context, name, files(name)).settle();
                        settled.kept().forEach(sentence -> known.add(told + ": " + sentence));
                        settled.stuck().ifPresent(why -> failed.add(told + ": " + why));
                        if (settled.undone()) {
                            undone.add(told);
                        }
                        lock.check();
                    }
                }
            } catch (AngeeException e) {
                failed.add(told + ": " + e.getMessage());
            }
        }
        return new Recovery(undone, known, failed);
    }

    private Set<String> unfinished() {
        Set<String> names = new TreeSet<>(ServiceEnding.recorded(context.layout()));
        new FileChanges(context.layout().root(), context.layout().changes())
                .unfinished().stream()
                        .filter(subject -> subject.startsWith(ServiceFiles.SUBJECT))
                        .map(subject -> subject.substring(ServiceFiles.SUBJECT.length()))
                        .forEach(names::add);
        names.removeIf(name -> !ServiceNames.isName(name));
        return names;
    }

    /** Before anything else is done with a service. */
    private void settle(String name, ServiceFiles files) {
        new ServiceSettling(context, name, files).settle().stuck().ifPresent(why -> {
            throw new ConflictException("service", name, why);
        });
    }

    private ServiceFiles files(String name) {
        return new ServiceFiles(context.layout(), name, reconcilers);
    }

    private FileLocks.Held lock(String name, String purpose) {
        return FileLocks.take(context.layout().serviceLock(name), purpose, LOCK_PATIENCE);
    }

    private Map<String, WorkloadSpec> declared() {
        return reader.read(context.layout().manifest()).services();
    }

    private static Service service(WorkloadSpec spec) {
        return new Service(spec.name(), spec.runtime());
    }
}

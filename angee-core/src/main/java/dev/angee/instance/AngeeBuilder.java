package dev.angee.instance;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.compile.PlanTransform;
import dev.angee.port.PortLedger;
import dev.angee.port.PortProbe;
import dev.angee.registry.GitTemplates;
import dev.angee.registry.RegistryOptions;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.BackendProvider;
import dev.angee.secret.SecretStore;
import dev.angee.secret.Secrets;
import dev.angee.source.CredentialSource;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import dev.angee.stack.NewStack;
import dev.angee.stack.StackContext;
import dev.angee.stack.StackTemplates;
import dev.angee.template.PathTemplates;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.template.TemplateLibrary;
import dev.angee.template.TemplateRenderer;
import dev.angee.template.TemplateSearchPath;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what an instance is made of. Parts that are not given are found with {@link ServiceLoader}; giving one part of a
 * kind turns the search for that kind off. Not thread-safe.
 */
public final class AngeeBuilder {
    private Path root;
    private final List<BackendProvider> backends = new ArrayList<>();
    private final List<TemplateRenderer> renderers = new ArrayList<>();
    private final List<TemplateLibrary> libraries = new ArrayList<>();
    private @Nullable SourceControl sourceControl;
    private @Nullable CredentialSource credentials;
    private @Nullable Path stateFolder;
    private @Nullable Path templateCache;
    private @Nullable GitUrl templateRegistry;
    private @Nullable GitUrl templateHost;
    private @Nullable Path workingFolder;
    private final List<Path> templateFolders = new ArrayList<>();
    private final List<PlanTransform> transforms = new ArrayList<>();
    private Map<String, String> environment = System.getenv();
    private @Nullable SecretStore secretStore;
    private Clock clock = Clock.systemUTC();

    AngeeBuilder(Path root) {
        this.root = root;
    }

    /** Runs workloads of one runtime with this. */
    public AngeeBuilder backend(BackendProvider provider) {
        backends.add(provider);
        return this;
    }

    /** Clones, commits and merges with this. */
    public AngeeBuilder sourceControl(SourceControl control) {
        this.sourceControl = control;
        return this;
    }

    /**
     * Shows remotes what this says. Without it, each is shown what the {@code auth} of its source in the root's manifest names:
     * a secret, whose value is asked for at each call and not kept.
     */
    public AngeeBuilder credentials(CredentialSource source) {
        this.credentials = source;
        return this;
    }

    /** Renders templates of one language with this. */
    public AngeeBuilder renderer(TemplateRenderer renderer) {
        renderers.add(renderer);
        return this;
    }

    /** Finds templates here too, after the root's own. */
    public AngeeBuilder templates(TemplateLibrary library) {
        libraries.add(library);
        return this;
    }

    /**
     * Looks for templates in this repository too, after all that is on this host, in {@code templates}, {@code .templates} and
     * at its top. Without it there is none. Shown what the {@linkplain #credentials credentials} say.
     */
    public AngeeBuilder templateRegistry(GitUrl repository) {
        this.templateRegistry = repository;
        return this;
    }

    /** Takes {@code owner/repo//path} for a template of that repository at this host, such as {@code https://git.example.org}. */
    public AngeeBuilder templateHost(GitUrl address) {
        this.templateHost = address;
        return this;
    }

    /** Looks for templates in this folder's {@code .templates} and {@code templates} too, and in {@code .templates} above it. */
    public AngeeBuilder workingFolder(Path folder) {
        this.workingFolder = folder;
        return this;
    }

    /**
     * Lets templates be named by the absolute path of their folder, and by the URL of a repository on this host, below this
     * folder. Whoever may name a template can then have every template there rendered. Without it, no path names one.
     */
    public AngeeBuilder templatesBelow(Path folder) {
        templateFolders.add(folder);
        return this;
    }

    /**
     * Keeps what is fetched of repositories of templates in this folder. Without it that is
     * {@code $XDG_CACHE_HOME/angee/templates}, or {@code ~/.cache/angee/templates}.
     */
    public AngeeBuilder templateCache(Path folder) {
        this.templateCache = folder;
        return this;
    }

    /** Keeps secrets in this store, whatever a manifest says. */
    public AngeeBuilder secretStore(SecretStore store) {
        this.secretStore = store;
        return this;
    }

    /** Imports secrets from these variables, and finds a store's address and token there; else from the process's own. */
    public AngeeBuilder environment(Map<String, String> variables) {
        this.environment = variables;
        return this;
    }

    /** Makes this of every plan, after the edge and the hardening of agents. */
    public AngeeBuilder transform(PlanTransform transform) {
        transforms.add(transform);
        return this;
    }

    /** Tells the time with this. */
    public AngeeBuilder clock(Clock time) {
        this.clock = time;
        return this;
    }

    /**
     * Keeps what all roots of this user share (the port leases) in this folder. Without it that is
     * {@code $XDG_STATE_HOME/angee}, or {@code ~/.local/state/angee}.
     */
    public AngeeBuilder stateFolder(Path folder) {
        this.stateFolder = folder;
        return this;
    }

    /**
     * Makes a stack from a template in the folder that this was given, and opens it. See {@link StackTemplates#init}.
     *
     * @param wanted says which template, and what it is told; where it says so, the root is a folder below
     */
    public Angee init(NewStack wanted) {
        StackTemplates stacks = stackTemplates(
                new TemplateCatalog(templateLibraries(
                        theSourceControl(), theCredentials(StackLayout.of(root), AngeeBuilder::noSecrets))),
                templateEngine());
        root = stacks.init(root, wanted);
        return build();
    }

    private static Secrets noSecrets() {
        throw new AngeeException(ErrorCode.UNSUPPORTED, "there is no manifest yet that says where secrets are");
    }

    StackTemplates stackTemplates(TemplateCatalog catalog, TemplateEngine engine) {
        return new StackTemplates(
                catalog, engine, stored(StackContext.of(List.of())).environment(environment));
    }

    /**
     * Opens the instance; see {@link Angee#open}.
     *
     * @throws AngeeException {@code NOT_FOUND} if the root holds no manifest, {@code UNSUPPORTED} if a part is missing
     */
    public Angee build() {
        return new Angee(this);
    }

    Path root() {
        return root;
    }

    Clock theClock() {
        return clock;
    }

    List<BackendProvider> backendProviders() {
        return orFound(backends, BackendProvider.class);
    }

    TemplateEngine templateEngine() {
        return new TemplateEngine(orFound(renderers, TemplateRenderer.class));
    }

    /** The root's own templates first, and those that come from elsewhere last. */
    List<TemplateLibrary> templateLibraries(SourceControl control, CredentialSource shown) {
        List<TemplateLibrary> all =
                new ArrayList<>(TemplateSearchPath.of(StackLayout.of(root).root(), Optional.ofNullable(workingFolder)));
        all.addAll(orFound(libraries, TemplateLibrary.class));
        templateFolders.forEach(folder -> all.add(new PathTemplates(folder)));
        Path cache = templateCache != null
                ? templateCache.toAbsolutePath().normalize()
                : standardFolder(environment, "XDG_CACHE_HOME", ".cache")
                        .resolve("angee")
                        .resolve("templates");
        all.add(new GitTemplates(
                control,
                shown,
                new RegistryOptions(
                        cache,
                        Optional.ofNullable(templateRegistry),
                        Optional.ofNullable(templateHost),
                        templateFolders)));
        return all;
    }

    SourceControl theSourceControl() {
        if (sourceControl != null) {
            return sourceControl;
        }
        return ServiceLoader.load(SourceControl.class)
                .findFirst()
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "no source control found; add angee-git to the class path, or give one to the builder"));
    }

    CredentialSource theCredentials(StackLayout layout, Supplier<Secrets> secrets) {
        CredentialSource source =
                credentials == null ? new ManifestCredentials(layout, secrets, environment) : credentials;
        return source.bound();
    }

    /** Its probe: what listens, and what the runtimes know of that does not. */
    PortLedger portLedger(List<BackendProvider> providers) {
        Path folder = stateFolder != null
                ? stateFolder
                : standardFolder(environment, "XDG_STATE_HOME", ".local/state").resolve("angee");
        List<PortProbe> probes = new ArrayList<>(List.of(PortProbe.binding()));
        providers.forEach(provider -> probes.add(provider.portProbe()));
        return PortLedger.in(folder, clock, PortProbe.allOf(probes));
    }

    StackContext stackContext(List<BackendProvider> providers, PortLedger ledger) {
        StackContext context = stored(StackContext.of(providers).ports(ledger)).environment(environment);
        for (PlanTransform transform : transforms) {
            context = context.transform(transform);
        }
        return context;
    }

    private StackContext stored(StackContext context) {
        return secretStore == null ? context : context.secretStore(secretStore);
    }

    private static Path standardFolder(Map<String, String> environment, String variable, String belowHome) {
        String folder = environment.getOrDefault(variable, "");
        return folder.startsWith("/") ? Path.of(folder) : Path.of(System.getProperty("user.home"), belowHome);
    }

    private static <T> List<T> orFound(List<T> given, Class<T> type) {
        if (!given.isEmpty()) {
            return List.copyOf(given);
        }
        List<T> found = new ArrayList<>();
        ServiceLoader.load(type).forEach(found::add);
        return found;
    }
}

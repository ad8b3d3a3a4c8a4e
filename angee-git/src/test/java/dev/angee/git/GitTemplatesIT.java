package dev.angee.git;

import static dev.angee.git.RealGit.git;
import static dev.angee.git.RealGit.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.registry.GitTemplates;
import dev.angee.registry.RegistryOptions;
import dev.angee.secret.SecretValue;
import dev.angee.source.CredentialSource;
import dev.angee.source.Credentials;
import dev.angee.source.GitUrl;
import dev.angee.template.DirectoryTemplates;
import dev.angee.template.Template;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateDescriptor;
import dev.angee.template.TemplateFile;
import dev.angee.template.TemplateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates of real repositories, with both engines. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GitTemplatesIT {
    private static final String HEAD = "_angee: { kind: stack }\n";

    @TempDir
    Path folder;

    private Remote remote;
    private Path caches;

    static List<String> engines() {
        return Engines.names();
    }

    @BeforeEach
    void makeTheRegistry() throws Exception {
        remote = Remote.in(folder);
        caches = remote.folder().resolve("user/caches");
        template("templates/stacks/dev", "one");
    }

    private void template(String where, String says) throws Exception {
        write(remote.others().resolve(where).resolve("copier.yml"), HEAD);
        write(remote.others().resolve(where).resolve("says"), says);
        remote.commitAll();
    }

    private String head() throws Exception {
        return git(remote.others(), "rev-parse", "HEAD");
    }

    private RegistryOptions options() {
        return RegistryOptions.in(caches).registry(remote.url());
    }

    private static TemplateCatalog catalog(String engine, RegistryOptions options) {
        return new TemplateCatalog(List.of(new GitTemplates(Engines.of(engine), CredentialSource.none(), options)));
    }

    private TemplateCatalog catalog(String engine) {
        return catalog(engine, options());
    }

    private static String said(Template template) {
        return text(template, "says");
    }

    private static String text(Template template, String path) {
        return Stream.concat(template.files().files().stream(), template.files().shared().stream())
                .filter(file -> file.path().equals(path))
                .map(file -> new String(file.content(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    /** Nobody answers there any more. */
    private void takeTheRemoteAway() throws IOException {
        Files.move(remote.origin(), remote.folder().resolve("away.git"));
    }

    private static Map<String, String> contentOf(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    content.put(
                            file.toString(),
                            Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
                }
            }
        }
        return content;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_was_never_fetched_is_not_found_without_asking_anybody_and_says_to_refresh_C17(String engine)
            throws Exception {
        TemplateCatalog catalog = catalog(engine);
        for (String ref : List.of("stacks/dev", "stacks/dev@v1", "http://127.0.0.1:9/o/r.git//x@v1")) {
            assertThatThrownBy(() -> catalog.get(ref))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("not fetched yet", "refresh");
        }
        assertThatThrownBy(() -> catalog.find("dev", "stack")).hasMessageContaining("not fetched yet");
        assertThat(catalog.list()).isEmpty();
        assertThat(catalog.describe().problems().toString()).contains("not fetched yet");
        assertThat(caches).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_read_asks_nobody_and_writes_nothing_even_when_the_remote_is_gone_C17(String engine) throws Exception {
        assertThat(said(catalog(engine).refresh("stacks/dev"))).isEqualTo("one");
        template("templates/stacks/dev", "two");
        takeTheRemoteAway();
        TemplateCatalog catalog = catalog(engine);
        Map<String, String> before = contentOf(caches);
        assertThat(said(catalog.get("stacks/dev"))).isEqualTo("one");
        assertThat(said(catalog.find("dev", "stack"))).isEqualTo("one");
        assertThat(catalog.list()).containsExactly("stacks/dev");
        assertThat(catalog.describe().templates())
                .extracting(TemplateDescriptor::ref)
                .containsExactly("stacks/dev");
        assertThatThrownBy(() -> catalog.get("stacks/nope"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("templates/stacks/nope");
        assertThat(contentOf(caches)).isEqualTo(before);
        assertThatThrownBy(() -> catalog.refresh("stacks/dev"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThatThrownBy(() -> catalog.refresh("stacks/dev@v1")).isInstanceOf(AngeeException.class);
        assertThat(said(catalog.get("stacks/dev")))
                .as("after a refresh that failed")
                .isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_commit_works_at_the_first_fetch_and_needs_no_second_C4(String engine) throws Exception {
        String first = head();
        template("templates/stacks/dev", "two");
        TemplateCatalog catalog = catalog(engine);
        Template pinned = catalog.refresh("stacks/dev@" + first);
        assertThat(said(pinned)).isEqualTo("one");
        assertThat(pinned.ref()).isEqualTo("stacks/dev@" + first);
        assertThat(pinned.origin().commit()).contains(first);
        assertThat(said(catalog.refresh("stacks/dev@" + first.substring(0, 10))))
                .isEqualTo("one");
        assertThat(said(catalog.refresh("stacks/dev"))).isEqualTo("two");
        takeTheRemoteAway();
        assertThat(said(catalog.refresh("stacks/dev@" + first)))
                .as("a commit does not change")
                .isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void the_pin_stays_in_the_name_that_is_kept_and_no_path_of_the_cache_does_C4_C22(String engine) throws Exception {
        git(remote.others(), "tag", "v1");
        git(remote.others(), "push", "-q", "origin", "v1");
        String first = head();
        template("templates/stacks/dev", "two");
        catalog(engine).refresh("stacks/dev@v1");
        Template found = catalog(engine).find("dev@v1", "stack");
        assertThat(found.ref()).isEqualTo("stacks/dev@v1");
        assertThat(said(found)).isEqualTo("one");
        assertThat(found.origin().pin()).contains("v1");
        assertThat(found.origin().commit()).contains(first);
        assertThat(found.origin().library()).isEqualTo(remote.url().value());
        assertThat(found.origin().folder()).isEqualTo("templates/stacks/dev");
        assertThat(catalog(engine).describe(found.ref()).ref()).isEqualTo(found.ref());
        assertThat(found.toString()).doesNotContain(caches.toString());
        // Another machine has nothing but the name.
        TemplateCatalog elsewhere = catalog(
                engine, RegistryOptions.in(remote.folder().resolve("elsewhere")).registry(remote.url()));
        assertThat(said(elsewhere.refresh(found.ref()))).isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_branch_moves_with_a_refresh_and_only_then_and_for_its_own_pin_only_C22(String engine) throws Exception {
        git(remote.others(), "push", "-q", "origin", "main:release/1");
        TemplateCatalog catalog = catalog(engine);
        catalog.refresh("stacks/dev");
        catalog.refresh("stacks/dev@release/1");
        template("templates/stacks/dev", "two");
        git(remote.others(), "push", "-q", "origin", "main:release/1");
        assertThat(said(catalog.get("stacks/dev"))).isEqualTo("one");
        Template refreshed = catalog.refresh("stacks/dev");
        assertThat(said(refreshed)).isEqualTo("two");
        assertThat(refreshed.origin().commit()).contains(head());
        assertThat(said(catalog.get("stacks/dev@release/1"))).isEqualTo("one");
        assertThat(said(catalog.refresh("stacks/dev@release/1"))).isEqualTo("two");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_tag_that_is_moved_there_stays_where_it_was(String engine) throws Exception {
        git(remote.others(), "tag", "v1");
        git(remote.others(), "push", "-q", "origin", "v1");
        TemplateCatalog catalog = catalog(engine);
        String first = catalog.refresh("stacks/dev@v1").origin().commit().orElseThrow();
        template("templates/stacks/dev", "two");
        git(remote.others(), "tag", "-f", "v1");
        git(remote.others(), "push", "-q", "--force", "origin", "v1");
        Template again = catalog.refresh("stacks/dev@v1");
        assertThat(said(again)).isEqualTo("one");
        assertThat(again.origin().commit()).contains(first);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_pin_that_nothing_is_called_by_is_not_found(String engine) {
        TemplateCatalog catalog = catalog(engine);
        assertThatThrownBy(() -> catalog.refresh("stacks/dev@v9"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("neither branch, tag nor commit 'v9'");
        assertThatThrownBy(() -> catalog.refresh("stacks/dev@--upload-pack=touch"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> catalog.refresh("stacks/dev@{u}")).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void the_registry_is_looked_through_in_the_order_of_its_folders_and_after_all_that_is_here(String engine)
            throws Exception {
        template(".templates/stacks/dev", "hidden");
        template("stacks/dev", "top");
        template("stacks/only", "only");
        template("docs/a/b", "deeper than a template is listed");
        TemplateCatalog catalog = catalog(engine);
        catalog.refresh();
        assertThat(said(catalog.get("stacks/dev"))).isEqualTo("one");
        assertThat(catalog.list()).containsExactly("stacks/dev", "stacks/only");
        git(remote.others(), "rm", "-q", "-r", "templates");
        remote.commitAll();
        assertThat(said(catalog.refresh("stacks/dev"))).isEqualTo("hidden");
        git(remote.others(), "rm", "-q", "-r", ".templates");
        remote.commitAll();
        assertThat(said(catalog.refresh("stacks/dev"))).isEqualTo("top");
        Path here = remote.folder().resolve("here");
        write(here.resolve("stacks/dev/copier.yml"), HEAD);
        write(here.resolve("stacks/dev/says"), "here");
        Path unused = remote.folder().resolve("unused");
        TemplateCatalog both = new TemplateCatalog(List.of(
                new DirectoryTemplates(here),
                new GitTemplates(
                        Engines.of(engine),
                        CredentialSource.none(),
                        RegistryOptions.in(unused).registry(remote.url()))));
        assertThat(said(both.refresh("stacks/dev"))).isEqualTo("here");
        assertThat(unused).as("nothing had to be fetched").doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void files_are_as_the_commit_has_them_and_nothing_is_checked_out_or_run(String engine) throws Exception {
        Path canary = remote.folder().resolve("canary");
        Path template = remote.others().resolve("templates/stacks/dev");
        write(template.resolve(".gitattributes"), "* filter=evil text eol=crlf\n");
        write(template.resolve("dir/run"), "a\nb\n");
        Files.setPosixFilePermissions(template.resolve("dir/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(template.resolve("link"), Path.of("/etc/passwd"));
        remote.commitAll();
        TemplateCatalog catalog = catalog(engine);
        catalog.refresh("stacks/dev");
        Path cache = cacheOf();
        git(cache, "config", "filter.evil.smudge", "touch " + canary);
        RealGit.script(cache.resolve("hooks/post-checkout"), canary);
        List<TemplateFile> files = catalog.get("stacks/dev").files().files();
        assertThat(files)
                .extracting(TemplateFile::path)
                .containsExactly(".gitattributes", "copier.yml", "dir/run", "link", "says");
        assertThat(files.get(2).content()).asString(StandardCharsets.UTF_8).isEqualTo("a\nb\n");
        assertThat(files).extracting(TemplateFile::executable).containsExactly(false, false, true, false, false);
        assertThat(files.get(3).link()).contains("/etc/passwd");
        assertThat(canary).doesNotExist();
        assertThat(cache.resolve("templates")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(caches)))
                .isEqualTo("rwx------");
    }

    private Path cacheOf() throws IOException {
        try (Stream<Path> found = Files.list(caches)) {
            List<Path> all = found.toList();
            assertThat(all).hasSize(1);
            assertThat(all.get(0).getFileName().toString()).matches("[0-9a-f]{24}");
            return all.get(0).resolve("repo.git");
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_metadata_file_that_is_a_link_makes_no_template(String engine) throws Exception {
        Path file = remote.others().resolve("templates/stacks/linked/copier.yml");
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of("../dev/copier.yml"));
        remote.commitAll();
        TemplateCatalog catalog = catalog(engine);
        assertThatThrownBy(() -> catalog.refresh("stacks/linked")).isInstanceOf(NotFoundException.class);
        assertThat(catalog.list()).containsExactly("stacks/dev");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_template_includes_files_of_its_repository_of_the_same_commit_and_none_above_it(String engine)
            throws Exception {
        write(remote.others().resolve("shared/body"), "body one");
        write(
                remote.others().resolve("templates/stacks/dev/copier.yml"),
                "_angee: { kind: stack, include_root: ../../.. }\n");
        write(
                remote.others().resolve("templates/stacks/out/copier.yml"),
                "_angee: { kind: stack, include_root: ../../../.. }\n");
        write(
                remote.others().resolve("templates/stacks/side/copier.yml"),
                "_angee: { kind: stack, include_root: ../dev }\n");
        write(
                remote.others().resolve("templates/stacks/abs/copier.yml"),
                "_angee: { kind: stack, include_root: /etc }\n");
        Files.createSymbolicLink(remote.others().resolve("shared/link"), Path.of("/etc/passwd"));
        remote.commitAll();
        TemplateCatalog catalog = catalog(engine);
        String first = catalog.refresh("stacks/dev").origin().commit().orElseThrow();
        assertThat(text(catalog.get("stacks/dev"), "../../../shared/body")).isEqualTo("body one");
        assertThat(catalog.get("stacks/dev").files().shared())
                .extracting(TemplateFile::path)
                .doesNotContain("../../../shared/link");
        for (String ref : List.of("stacks/out", "stacks/side", "stacks/abs")) {
            assertThatThrownBy(() -> catalog.get(ref)).hasMessageContaining("include_root");
        }
        write(remote.others().resolve("shared/body"), "body two");
        remote.commitAll();
        catalog.refresh("stacks/dev");
        assertThat(text(catalog.get("stacks/dev"), "../../../shared/body")).isEqualTo("body two");
        assertThat(text(catalog.refresh("stacks/dev@" + first), "../../../shared/body"))
                .isEqualTo("body one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_a_template_shares_is_of_the_commit_in_which_it_was_found_whatever_was_fetched_since(String engine)
            throws Exception {
        GitTemplates library = new GitTemplates(Engines.of(engine), CredentialSource.none(), options());
        assertThat(library.refresh("stacks/dev")).isTrue();
        TemplateFiles found = library.find("stacks/dev").orElseThrow();
        template("templates/stacks/dev", "two");
        assertThat(library.refresh("stacks/dev")).isTrue();
        assertThat(library.shared(found, "."))
                .filteredOn(file -> file.path().equals("says"))
                .singleElement()
                .satisfies(file -> assertThat(file.content())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("one"));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_whole_repository_a_folder_of_any_repository_and_owner_and_repo_are_templates_over_http(String engine)
            throws Exception {
        write(remote.others().resolve("copier.yml"), HEAD);
        write(remote.others().resolve("says"), "top");
        remote.commitAll();
        Path owner = Files.createDirectories(remote.folder().resolve("owner"));
        Files.createSymbolicLink(owner.resolve("repo.git"), remote.origin());
        List<String> shown = new ArrayList<>();
        CredentialSource credentials = url -> {
            shown.add(url.value());
            return Credentials.token(SecretValue.of("t0ken"));
        };
        try (GitOverHttp server = new GitOverHttp(remote.folder(), "x-access-token", "t0ken")) {
            String url = server.url("owner/repo.git");
            RegistryOptions options = RegistryOptions.in(caches).host(GitUrl.of(server.url("")));
            TemplateCatalog catalog =
                    new TemplateCatalog(List.of(new GitTemplates(Engines.of(engine), credentials, options)));
            assertThat(said(catalog.refresh(url))).isEqualTo("top");
            for (String ref : List.of(
                    url + "//templates/stacks/dev@main",
                    url + "//templates/stacks/dev?ref=main",
                    "owner/repo//templates/stacks/dev@main",
                    server.url("owner/repo/tree/main/templates/stacks/dev"),
                    server.url("owner/repo/tree/main/templates/stack/dev"))) {
                Template found = catalog.refresh(ref);
                assertThat(said(found)).as(ref).isEqualTo("one");
                assertThat(found.ref()).isEqualTo(ref);
                assertThat(found.origin().library()).isEqualTo(url);
                assertThat(catalog.find(ref, "stack").ref()).isEqualTo(ref);
            }
            assertThat(shown).isNotEmpty().allMatch(url::equals);
            try (Stream<Path> found = Files.list(caches)) {
                assertThat(found).as("one for each pin").hasSize(2);
            }
        }
        assertThat(contentOf(caches).values()).noneMatch(text -> text.contains("t0ken"));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_registry_whose_head_names_no_commit_has_only_templates_with_a_pin_and_says_so(String engine)
            throws Exception {
        Path empty = remote.folder().resolve("empty.git");
        git(remote.folder(), "init", "-q", "--bare", empty.toString());
        git(remote.origin(), "symbolic-ref", "HEAD", "refs/heads/gone");
        Path here = remote.folder().resolve("here");
        write(here.resolve("stacks/own/copier.yml"), HEAD);
        for (Path registry : List.of(remote.origin(), empty)) {
            RegistryOptions options =
                    RegistryOptions.in(caches.resolve(registry.getFileName())).registry(GitUrl.of(registry.toString()));
            GitTemplates library = new GitTemplates(Engines.of(engine), CredentialSource.none(), options);
            TemplateCatalog catalog = new TemplateCatalog(List.of(new DirectoryTemplates(here), library));
            catalog.refresh();
            assertThat(library.find("stacks/dev")).isEmpty();
            assertThat(library.list()).isEmpty();
            assertThat(catalog.list()).containsExactly("stacks/own");
            assertThat(catalog.describe().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND);
                assertThat(problem.message()).contains("no default branch");
            });
            assertThatThrownBy(() -> catalog.get("stacks/dev"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("no default branch")
                    .hasMessageContaining("stacks/own");
        }
        RegistryOptions pinned = options();
        assertThat(said(catalog(engine, pinned).refresh("stacks/dev@main"))).isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void no_way_to_write_a_path_fetches_from_this_host_unless_it_allows_that_S6(String engine) {
        TemplateCatalog catalog = catalog(engine, RegistryOptions.in(caches));
        String path = remote.origin() + "//templates/stacks/dev@main";
        for (String ref : List.of("file:" + path, "FILE:" + path, "file://" + path, "c:" + path)) {
            assertThatThrownBy(() -> catalog.refresh(ref)).isInstanceOf(InvalidInputException.class);
        }
        assertThat(caches).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_is_not_found_is_named_without_its_query_S7(String engine) {
        TemplateCatalog catalog = catalog(engine, RegistryOptions.in(caches));
        for (String ref : List.of(
                "https://me:canary@h.example/r//a",
                "https://h.example/r//a?ref=a&private_token=canary",
                "https://h.example/r//a?ref=canary")) {
            assertThatThrownBy(() -> catalog.get(ref))
                    .isInstanceOf(AngeeException.class)
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"));
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void a_repository_without_commits_has_no_template(String engine) throws Exception {
        Path empty = remote.folder().resolve("empty.git");
        git(remote.folder(), "init", "-q", "--bare", empty.toString());
        TemplateCatalog catalog = catalog(engine, RegistryOptions.in(caches).registry(GitUrl.of(empty.toString())));
        assertThatThrownBy(() -> catalog.refresh("stacks/dev")).isInstanceOf(AngeeException.class);
        assertThat(catalog.describe().templates()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_was_fetched_from_a_repository_of_this_host_is_there_when_that_is_gone(String engine) throws Exception {
        TemplateCatalog catalog = catalog(engine, RegistryOptions.in(caches).localBelow(remote.folder()));
        String ref = "file://" + remote.origin() + "//templates/stacks/";
        assertThat(said(catalog.refresh(ref + "dev"))).isEqualTo("one");
        assertThatThrownBy(() -> catalog.get(ref + "none"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("has no copier.yml in 'templates/stacks/none'")
                .hasMessageNotContaining("only below a folder");
        takeTheRemoteAway();
        assertThat(said(catalog.get(ref + "dev"))).isEqualTo("one");
        assertThatThrownBy(() -> catalog.refresh(ref + "dev")).isInstanceOf(AngeeException.class);
        assertThat(said(catalog.get(ref + "dev"))).isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void what_is_not_fetched_yet_is_told_with_the_name_that_refresh_takes(String engine) throws Exception {
        TemplateCatalog catalog = catalog(engine);
        assertThatThrownBy(() -> catalog.find("dev", "stack")).hasMessageContaining("; refresh 'stacks/dev'");
        assertThatThrownBy(() -> catalog.find("dev@v1", "stack")).hasMessageContaining("; refresh 'stacks/dev@v1'");
        assertThatThrownBy(() -> catalog.refresh("dev"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("stacks/dev, workspaces/dev or services/dev");
        assertThat(said(catalog.refresh("stacks/dev"))).isEqualTo("one");
        assertThat(said(catalog.find("dev", "stack"))).isEqualTo("one");
    }

    @ParameterizedTest
    @MethodSource("engines")
    void the_other_spelling_of_the_files_name_is_seen_in_a_repository(String engine) throws Exception {
        write(remote.others().resolve("stacks/yaml/copier.yaml"), HEAD);
        write(remote.others().resolve("copier.yaml"), HEAD);
        remote.commitAll();
        TemplateCatalog catalog = catalog(engine);
        assertThatThrownBy(() -> catalog.refresh("stacks/yaml"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("'stacks/yaml/copier.yaml' is there, call it copier.yml");
        assertThatThrownBy(() -> catalog.get("stacks/none")).hasMessageNotContaining("copier.yaml");
    }
}

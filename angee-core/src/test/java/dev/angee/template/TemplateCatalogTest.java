package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where templates are looked for on this host, what they may be called, and what is said of them. */
class TemplateCatalogTest {
    @TempDir
    Path outer;

    private Path root;

    @BeforeEach
    void makeTheRoot() throws IOException {
        outer = outer.toRealPath();
        root = Files.createDirectories(outer.resolve("a/b/root"));
    }

    private static void template(Path folder, String kind, String says) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("copier.yml"), "_angee: { kind: " + kind + " }\n");
        Files.writeString(folder.resolve("says"), says);
    }

    private TemplateCatalog catalog() {
        return new TemplateCatalog(TemplateSearchPath.of(root, Optional.empty()));
    }

    private static String said(Template template) {
        return template.files().files().stream()
                .filter(file -> file.path().equals("says"))
                .map(file -> new String(file.content(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_name_is_looked_for_from_the_root_outwards_then_from_the_working_folder_then_in_what_else_there_is()
            throws Exception {
        Path work = Files.createDirectories(outer.resolve("w/work"));
        Path bundled = outer.resolve("jar");
        List<Path> order = List.of(
                root.resolve(".templates/stacks/dev"),
                root.resolve("templates/stacks/dev"),
                root.resolve("stacks/dev"),
                root.resolve("dev"),
                outer.resolve("a/b/.templates/stacks/dev"),
                outer.resolve("a/.templates/stacks/dev"),
                outer.resolve(".templates/stacks/dev"),
                work.resolve(".templates/stacks/dev"),
                work.resolve("templates/stacks/dev"),
                outer.resolve("w/.templates/stacks/dev"),
                bundled.resolve("stacks/dev"));
        for (Path folder : order) {
            template(folder, "stack", folder.toString());
        }
        List<TemplateLibrary> libraries = new ArrayList<>(TemplateSearchPath.of(root, Optional.of(work)));
        libraries.add(new DirectoryTemplates(bundled));
        TemplateCatalog catalog = new TemplateCatalog(libraries);
        for (Path folder : order) {
            Template found = catalog.find("dev", "stack");
            assertThat(said(found)).isEqualTo(folder.toString());
            assertThat(found.origin().library() + "/" + found.origin().folder())
                    .isEqualTo(folder.equals(root.resolve("dev")) ? folder + "/" : folder.toString());
            Files.delete(folder.resolve("copier.yml"));
        }
        assertThatThrownBy(() -> catalog.find("dev", "stack")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void the_ancestors_above_the_thirty_second_are_not_looked_into() throws Exception {
        Path deep = outer;
        for (int i = 0; i < 33; i++) {
            deep = deep.resolve("d");
        }
        Files.createDirectories(deep);
        template(outer.resolve(".templates/stacks/far"), "stack", "far");
        template(outer.resolve("d/.templates/stacks/near"), "stack", "near");
        TemplateCatalog catalog = new TemplateCatalog(TemplateSearchPath.of(deep, Optional.empty()));
        assertThat(said(catalog.get("stacks/near"))).isEqualTo("near");
        assertThatThrownBy(() -> catalog.get("stacks/far")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void a_folder_above_that_belongs_to_somebody_else_is_passed_over_and_listed_as_a_problem() throws Exception {
        Path above = outer.resolve("a/.templates");
        template(above.resolve("stacks/dev"), "stack", "theirs");
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(outer, "unix:uid")), "only root can give away");
        assertThat(said(catalog().get("stacks/dev"))).isEqualTo("theirs");
        Files.setAttribute(above, "unix:uid", 12_345);
        assertThatThrownBy(() -> catalog().get("stacks/dev")).isInstanceOf(NotFoundException.class);
        assertThat(catalog().describe().problems())
                .anySatisfy(problem -> assertThat(problem.message()).contains(above.toString(), "somebody else"));
        Files.setAttribute(above, "unix:uid", 0);
        Files.move(above, outer.resolve("moved"));
        Files.createSymbolicLink(above, outer.resolve("moved"));
        assertThat(said(catalog().get("stacks/dev"))).isEqualTo("theirs");
        Process chown = new ProcessBuilder("chown", "-h", "12345", above.toString()).start();
        assertThat(chown.waitFor()).isZero();
        assertThatThrownBy(() -> catalog().get("stacks/dev"))
                .as("somebody else's link to a folder of ours")
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void nothing_is_a_template_where_people_and_containers_work() throws Exception {
        for (String made : List.of("workspaces", "services", "sources", "run")) {
            template(root.resolve(made).resolve("dev"), "service", made);
            template(root.resolve(made), "service", made);
            assertThatThrownBy(() -> catalog().get(made + "/dev")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> catalog().get(made)).isInstanceOf(NotFoundException.class);
        }
        Files.createSymbolicLink(root.resolve("stacks"), Path.of("workspaces"));
        Files.createSymbolicLink(root.resolve("own"), root);
        assertThatThrownBy(() -> catalog().get("stacks/dev")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> catalog().get("own/workspaces/dev")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void a_template_of_any_family_is_fetched_by_the_name_it_is_listed_with_C16() throws Exception {
        template(root.resolve("templates/services/agent"), "service", "s");
        template(root.resolve("templates/workspaces/w"), "workspace", "w");
        template(root.resolve(".templates/odd/one"), "stack", "o");
        assertThat(catalog().list()).containsExactly("odd/one", "services/agent", "workspaces/w");
        for (String ref : catalog().list()) {
            assertThat(catalog().get(ref).ref()).isEqualTo(ref);
            assertThat(catalog().describe(ref).ref()).isEqualTo(ref);
        }
        assertThat(catalog().get("services/agent").metadata().kind()).isEqualTo("service");
        assertThat(said(catalog().find("agent", "service"))).isEqualTo("s");
    }

    @Test
    void a_name_that_nobody_has_is_not_found_and_a_template_of_another_kind_is_refused_C16() throws Exception {
        template(root.resolve("templates/services/agent"), "service", "s");
        for (String ref : List.of("services/x", "agent", "stacks/agent", "no/such/template")) {
            assertThatThrownBy(() -> catalog().get(ref))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("services/agent");
        }
        assertThatThrownBy(() -> catalog().find("services/agent", "stack"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("makes a service, not a stack");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "..",
                "../x",
                "stacks/..",
                "stacks/../../x",
                "stacks/a..b",
                "./dev",
                "stacks//..",
                "-x",
                "stacks/-x",
                ".hidden/x",
                "stacks/de v",
                "stacks/dev\n",
                "stacks/d\u0000v",
                "stacks/dev@{u}",
                "stacks/dev@{upstream}",
                "stacks/dev@",
                "stacks/dev@-x",
                "@v1",
                "stacks\\dev",
                "stacks/d*v",
                "/etc",
                "/etc/../etc",
                "//etc"
            })
    void what_is_no_name_is_refused_or_not_found_and_nothing_outside_is_read_S6(String ref) throws Exception {
        template(outer.resolve("a/b/x"), "stack", "outside");
        assertThatThrownBy(() -> catalog().get(ref))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isIn(ErrorCode.INVALID, ErrorCode.NOT_FOUND));
        assertThatThrownBy(() -> catalog().find(ref, "stack"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isIn(ErrorCode.INVALID, ErrorCode.NOT_FOUND));
        for (TemplateLibrary library : TemplateSearchPath.of(root, Optional.of(outer))) {
            assertThat(library.find(ref)).as("asked directly").isEmpty();
        }
    }

    @Test
    void an_absolute_path_names_a_template_only_below_a_folder_that_the_host_allows_S6() throws Exception {
        Path allowed = outer.resolve("allowed");
        template(allowed.resolve("x/t"), "stack", "allowed");
        template(outer.resolve("other"), "stack", "other");
        Files.createSymbolicLink(allowed.resolve("out"), outer.resolve("other"));
        Files.createSymbolicLink(outer.resolve("in"), allowed.resolve("x"));
        String ref = allowed.resolve("x/t").toString();
        assertThatThrownBy(() -> catalog().get(ref))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("only below a folder");
        TemplateCatalog allowing = new TemplateCatalog(List.of(new PathTemplates(allowed)));
        assertThat(said(allowing.get(ref))).isEqualTo("allowed");
        assertThat(said(allowing.find(ref, "stack"))).isEqualTo("allowed");
        assertThat(allowing.list()).isEmpty();
        for (String out : List.of(
                outer.resolve("other").toString(),
                allowed.resolve("out").toString(),
                allowed + "/../other",
                outer.resolve("in/t").toString(),
                allowed + "/x/../x/t")) {
            assertThatThrownBy(() -> allowing.get(out)).isInstanceOf(NotFoundException.class);
        }
        assertThat(TemplateCatalog.isLocalPath(ref)).isTrue();
        assertThat(TemplateCatalog.isLocalPath("FILE:///x")).isTrue();
        assertThat(TemplateCatalog.isLocalPath("stacks/dev")).isFalse();
    }

    @Test
    void a_folder_that_is_allowed_may_be_a_link_and_its_templates_are_named_by_either_path() throws Exception {
        template(outer.resolve("real/t"), "stack", "t");
        Path link = Files.createSymbolicLink(outer.resolve("link"), outer.resolve("real"));
        TemplateCatalog allowing = new TemplateCatalog(List.of(new PathTemplates(link)));
        assertThat(said(allowing.get(link + "/t"))).isEqualTo("t");
        assertThat(said(allowing.get(outer + "/real/t"))).isEqualTo("t");
    }

    @Test
    void what_this_program_may_not_look_into_is_not_there() throws Exception {
        Path library = mock(Path.class);
        when(library.toRealPath()).thenThrow(new AccessDeniedException("/.templates"));
        assertThat(TemplateFolder.find(library, "stacks/dev", "copier.yml")).isEmpty();
    }

    @Test
    void a_folder_that_cannot_be_read_fails_no_look_up_and_is_listed_as_a_problem() throws Exception {
        Path above = outer.resolve("a/.templates");
        template(above.resolve("stacks/dev"), "stack", "above");
        template(root.resolve("templates/stacks/dev"), "stack", "here");
        template(root.resolve("templates/stacks/closed"), "stack", "closed");
        template(outer.resolve(".templates/stacks/far"), "stack", "far");
        List<Path> closed = List.of(above, root.resolve("templates/stacks/closed"));
        try {
            for (Path folder : closed) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
            }
            Assumptions.assumeFalse(Files.isReadable(above), "nothing is closed to this user");
            assertThat(said(catalog().get("stacks/dev"))).isEqualTo("here");
            assertThat(said(catalog().get("stacks/far"))).isEqualTo("far");
            assertThatThrownBy(() -> catalog().get("stacks/nope")).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> catalog().get("stacks/closed")).isInstanceOf(NotFoundException.class);
            assertThat(catalog().describe().templates())
                    .extracting(TemplateDescriptor::ref)
                    .containsExactly("stacks/dev", "stacks/far");
            for (Path folder : closed) {
                assertThat(catalog().describe().problems())
                        .anySatisfy(problem -> assertThat(problem.message()).contains(folder.toString()));
            }
        } finally {
            for (Path folder : closed) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:canary@h.example/o/r//x",
                "https://me:canary@h.example/o r",
                "https://h.example/r?token=canary",
                "me:canary@h.example:r",
                "stacks/dev?token=canary"
            })
    void no_refusal_shows_the_credentials_in_an_address_S7(String ref) {
        assertThatThrownBy(() -> catalog().get(ref))
                .isInstanceOf(AngeeException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"));
    }

    @Test
    void a_link_that_leads_out_of_a_library_is_a_problem_and_one_that_stays_within_is_followed() throws Exception {
        Path library = root.resolve("templates");
        template(outer.resolve("secret"), "stack", "secret");
        template(library.resolve("stacks/real"), "stack", "real");
        Files.createSymbolicLink(library.resolve("stacks/within"), Path.of("real"));
        Files.createSymbolicLink(library.resolve("stacks/out"), outer.resolve("secret"));
        Files.createSymbolicLink(library.resolve("stacks/loop"), Path.of("loop"));
        Files.createSymbolicLink(library.resolve("family"), outer);
        Files.createDirectories(library.resolve("stacks/link"));
        Files.createSymbolicLink(
                library.resolve("stacks/link/copier.yml"),
                outer.resolve("secret").resolve("copier.yml"));
        assertThat(catalog().list()).containsExactly("stacks/real", "stacks/within");
        assertThat(said(catalog().get("stacks/within"))).isEqualTo("real");
        for (String ref : List.of("stacks/out", "family/secret", "stacks/link")) {
            assertThatThrownBy(() -> catalog().get(ref))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("leads out of");
        }
        assertThatThrownBy(() -> catalog().get("stacks/loop")).isInstanceOf(NotFoundException.class);
        assertThat(catalog().describe().problems())
                .extracting(TemplateProblem::ref)
                .containsExactly("family/secret", "stacks/link", "stacks/out");
    }

    @Test
    void a_link_within_a_template_is_told_as_a_link_and_never_read() throws Exception {
        Path folder = root.resolve("templates/stacks/t");
        template(folder, "stack", "t");
        Files.writeString(outer.resolve("secret.txt"), "SECRET");
        Files.createSymbolicLink(folder.resolve("file"), outer.resolve("secret.txt"));
        Files.createSymbolicLink(folder.resolve("folder"), outer);
        assertThat(catalog().get("stacks/t").files().files())
                .extracting(TemplateFile::path)
                .containsExactly("copier.yml", "file", "folder", "says");
        assertThat(catalog().get("stacks/t").files().files())
                .allSatisfy(file -> assertThat(new String(file.content(), StandardCharsets.UTF_8))
                        .doesNotContain("SECRET"));
    }

    @Test
    void one_bad_template_is_listed_as_a_problem_and_fails_no_other() throws Exception {
        template(root.resolve("templates/stacks/good"), "stack", "good");
        template(root.resolve("templates/stacks/bad"), "nonsense", "bad");
        template(root.resolve("templates/stacks/de v"), "stack", "space");
        template(root.resolve("templates/stacks/none"), "stack", "none");
        Files.writeString(root.resolve("templates/stacks/none/copier.yml"), "a: [\n");
        template(root.resolve("templates/stacks/large"), "stack", "large");
        try (RandomAccessFile file =
                new RandomAccessFile(root.resolve("templates/stacks/large/f").toFile(), "rw")) {
            file.setLength(64L * 1024 * 1024);
        }
        Files.createDirectories(root.resolve("templates/stacks/_shared"));
        TemplateListing listing = catalog().describe();
        assertThat(listing.templates()).extracting(TemplateDescriptor::ref).containsExactly("stacks/good");
        assertThat(listing.problems())
                .extracting(TemplateProblem::ref)
                .containsExactlyInAnyOrder("stacks/bad", "stacks/de v", "stacks/large", "stacks/none");
        assertThat(listing.problems())
                .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.INVALID));
        assertThat(listing.problems().toString()).contains("copier.yml:1:", "64 MiB", "rename it");
    }

    @Test
    void a_template_has_at_most_20_000_files() throws Exception {
        Path folder = root.resolve("templates/stacks/many");
        template(folder, "stack", "many");
        for (int i = 0; i < TemplateFiles.MOST_FILES - 2; i++) {
            Files.createFile(folder.resolve("f" + i));
        }
        assertThat(catalog().get("stacks/many").files().files()).hasSize(TemplateFiles.MOST_FILES);
        Files.createFile(folder.resolve("g"));
        assertThatThrownBy(() -> catalog().get("stacks/many"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("20000");
    }

    @Test
    void a_template_in_a_root_shares_no_file_of_the_root() throws Exception {
        Files.writeString(root.resolve(".env"), "SECRET=1\n");
        template(root.resolve("stacks/t"), "stack", "t");
        Files.writeString(root.resolve("stacks/shared.txt"), "shared");
        Path metadata = root.resolve("stacks/t/copier.yml");
        Files.writeString(metadata, "_angee: { kind: stack, include_root: .. }\n");
        assertThat(catalog().get("stacks/t").files().shared())
                .extracting(TemplateFile::path)
                .contains("../shared.txt")
                .noneMatch(path -> path.contains(".env"));
        Files.writeString(metadata, "_angee: { kind: stack, include_root: ../.. }\n");
        assertThatThrownBy(() -> catalog().get("stacks/t"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("include_root");
    }

    @Test
    void a_descriptor_tells_the_inputs_by_name_with_defaults_as_text() throws Exception {
        Path folder = root.resolve("templates/stacks/t");
        template(folder, "stack", "t");
        Files.writeString(folder.resolve("copier.yml"), """
                _angee:
                  kind: stack
                  name: A shop
                  inputs:
                    title: { type: str, required: true, default: "[=x]" }
                zone: { type: str, default: null }
                count: { type: int, default: 3 }
                list: { type: yaml, default: [a, b] }
                mode: { type: str, choices: [dev, prod], default: dev }
                many: { type: str, choices: [a, b], multiselect: true }
                """);
        TemplateDescriptor told = catalog().describe("stacks/t");
        assertThat(told.name()).contains("A shop");
        assertThat(told.kind()).isEqualTo("stack");
        assertThat(told.origin())
                .isEqualTo(TemplateOrigin.folder(root.resolve("templates").toString(), "stacks/t"));
        assertThat(told.inputs())
                .extracting(TemplateInput::name)
                .containsExactly("count", "list", "many", "mode", "title", "zone");
        assertThat(told.inputs())
                .extracting(input -> input.standard().orElse("-"))
                .containsExactly("3", "[\"a\",\"b\"]", "-", "dev", "[=x]", "-");
        assertThat(told.inputs())
                .extracting(TemplateInput::type)
                .containsExactly("int", "yaml", "str", "str", "str", "str");
        assertThat(told.inputs().get(3).choices()).containsExactly("dev", "prod");
        assertThat(told.inputs().get(2).several()).isTrue();
        assertThat(told.inputs().get(4).required()).isTrue();
        assertThat(told.inputs())
                .filteredOn(input -> !input.question())
                .extracting(TemplateInput::name)
                .containsExactly("title");
    }

    @Test
    void a_descriptor_tells_what_is_secret_immutable_or_generated_and_no_default_of_a_secret_S7() throws Exception {
        Path folder = root.resolve("templates/stacks/t");
        template(folder, "stack", "t");
        Files.writeString(folder.resolve("copier.yml"), """
                _angee: { kind: stack }
                id: { type: str, immutable: true, generated: true }
                plain: { type: str, default: x }
                token: { type: str, secret: true, default: hunter2 }
                """);
        TemplateDescriptor told = catalog().describe("stacks/t");
        assertThat(told.inputs()).extracting(TemplateInput::immutable).containsExactly(true, false, false);
        assertThat(told.inputs()).extracting(TemplateInput::generated).containsExactly(true, false, false);
        assertThat(told.inputs()).extracting(TemplateInput::secret).containsExactly(false, false, true);
        assertThat(told.toString()).doesNotContain("hunter2");
    }

    @Test
    void a_template_that_is_no_text_is_told_by_file_and_byte() throws Exception {
        Path folder = Files.createDirectories(root.resolve("templates/stacks/dev"));
        byte[] latin = "_angee: { kind: stack } # caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("copier.yml"), latin);
        assertThatThrownBy(() -> catalog().get("stacks/dev"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("stacks/dev/copier.yml")
                .hasMessageContaining("byte " + (latin.length - 2) + " ");
        Files.write(folder.resolve("copier.yml"), new byte[] {'#', (byte) 0xe2, (byte) 0x82});
        assertThatThrownBy(() -> catalog().get("stacks/dev")).hasMessageContaining("byte 1 ");
    }

    @Test
    void the_other_spelling_of_the_files_name_is_seen() throws Exception {
        for (String place : List.of("templates/stacks/dev", "stacks/dev")) {
            template(root.resolve(place), "stack", place);
            Files.move(
                    root.resolve(place).resolve("copier.yml"),
                    root.resolve(place).resolve("copier.yaml"));
            String seen = root.resolve(place).resolve("copier.yaml").toString();
            assertThatThrownBy(() -> catalog().find("dev", "stack"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(seen)
                    .hasMessageContaining("call it copier.yml");
            TemplateCatalog byPath = new TemplateCatalog(List.of(new PathTemplates(root)));
            assertThatThrownBy(() -> byPath.get(root.resolve(place).toString())).hasMessageContaining(seen);
            Files.delete(root.resolve(place).resolve("copier.yaml"));
        }
        template(outer.resolve(".templates/stacks/dev"), "stack", "dev");
        Files.createDirectories(root.resolve("templates/stacks/dev"));
        Files.writeString(root.resolve("templates/stacks/dev/copier.yaml"), "");
        assertThat(said(catalog().get("stacks/dev"))).isEqualTo("dev");
    }

    @Test
    void a_root_that_is_not_there_has_the_templates_above_it_that_its_maker_would_trust() throws Exception {
        template(outer.resolve(".templates/stacks/dev"), "stack", "above");
        TemplateCatalog catalog =
                new TemplateCatalog(TemplateSearchPath.of(outer.resolve("not/yet/there"), Optional.empty()));
        assertThat(said(catalog.get("stacks/dev"))).isEqualTo("above");
        assertThat(catalog.describe().problems()).isEmpty();
    }

    @Test
    void what_is_below_a_file_has_no_templates_and_fails_no_look_up() throws Exception {
        template(outer.resolve(".templates/stacks/dev"), "stack", "above");
        Files.writeString(outer.resolve("file"), "");
        for (String below : List.of("file", "file/root", "file/a/root")) {
            TemplateCatalog catalog =
                    new TemplateCatalog(TemplateSearchPath.of(outer.resolve(below), Optional.empty()));
            assertThat(said(catalog.get("stacks/dev"))).isEqualTo("above");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev@v2", "stacks/dev@v2"})
    void a_pin_without_a_registry_is_told_that_it_needs_one(String ref) throws Exception {
        template(root.resolve("templates/stacks/dev"), "stack", "dev");
        assertThatThrownBy(() -> catalog().find(ref, "stack"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("registry (templateRegistry)");
    }

    @Test
    void a_name_without_a_family_is_told_what_can_be_refreshed() throws Exception {
        template(root.resolve("templates/stacks/dev"), "stack", "dev");
        assertThatThrownBy(() -> catalog().refresh("dev"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("stacks/dev, workspaces/dev or services/dev");
        assertThat(said(catalog().refresh("stacks/dev"))).isEqualTo("dev");
    }

    @Test
    void a_path_that_is_allowed_and_leads_nowhere_is_not_told_that_it_is_not_allowed() throws Exception {
        Path allowed = Files.createDirectories(outer.resolve("allowed"));
        TemplateCatalog allowing = new TemplateCatalog(List.of(new PathTemplates(allowed)));
        assertThatThrownBy(() -> allowing.get(allowed + "/none"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("copier.yml")
                .hasMessageNotContaining("only below a folder");
        assertThatThrownBy(() -> allowing.get(outer + "/none")).hasMessageContaining("only below a folder");
        assertThatThrownBy(() -> allowing.get("file:///none")).hasMessageContaining("only below a folder");
    }
}

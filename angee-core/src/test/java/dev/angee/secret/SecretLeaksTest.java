package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.angee.contract.InMemorySecretStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The value of a secret is in nothing that is printed, thrown or logged. */
class SecretLeaksTest {
    private static final String CANARY = "canary-x47y";
    private static final SecretValue VALUE = SecretValue.of(CANARY);
    private static final SecretName NAME = new SecretName("db");

    @TempDir
    Path folder;

    private EnvFileStore store() {
        return EnvFileStore.at(folder.resolve(".env"), folder.resolve("lock"));
    }

    private static OpenBaoSettings settings() {
        return OpenBaoSettings.of(Map.of("address", "http://127.0.0.1:1", "token", CANARY), Map.of());
    }

    private List<Object> everyObject() {
        store().put(NAME, VALUE);
        EnvFile file = EnvFile.parse(".env", ("X=" + CANARY + "\n").getBytes(StandardCharsets.UTF_8));
        SecretDeclaration declaration = SecretDeclaration.of(NAME).importedFrom("env:X");
        Secrets secrets = Secrets.of(store(), List.of(declaration), Map.of("X", CANARY), new Random(1));
        ResolvedSecrets resolved = secrets.resolve(Set.of(NAME));
        OpenBaoHttp.Answer answer =
                new OpenBaoHttp.Answer(200, JsonNodeFactory.instance.textNode(CANARY), Optional.of(CANARY));
        return new ArrayList<>(List.of(
                VALUE,
                NAME,
                file,
                new EnvFile.Entry("X", CANARY, 0, 2, 13, 14, 1),
                new EnvFileReader("X=" + CANARY),
                store(),
                store().borrowing(new BorrowingStoreTest.MapLender(Map.of(NAME, VALUE))),
                declaration,
                secrets,
                resolved,
                answer,
                secrets.get(NAME),
                secrets.list(),
                new SecretCollision(NAME, NAME),
                Text.secret(NAME).plus(Text.of("x")),
                settings(),
                OpenBaoStore.at(settings()),
                new OpenBaoHttp(settings()),
                new UnresolvedSecretsException(new TreeMap<>())));
    }

    @Test
    void no_object_prints_a_value() {
        for (Object object : everyObject()) {
            assertThat(object.toString()).as(object.getClass().toString()).doesNotContain("x47y");
        }
    }

    @Test
    void every_type_that_can_print_anything_is_among_them() {
        Set<String> without =
                Set.of("EnvQuoting", "EnvVariables", "LosslessText", "SecretStore", "SecretLender", "package-info");
        List<String> seen =
                everyObject().stream().map(o -> o.getClass().getName()).toList();
        assertThat(new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("dev.angee.secret")
                                .stream()
                                .filter(JavaClass::isTopLevelClass)
                                .filter(type -> !without.contains(type.getSimpleName()))
                                .map(JavaClass::getName))
                .isNotEmpty()
                .allMatch(seen::contains);
    }

    @Test
    void no_failure_and_no_log_shows_a_value() throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        StringWriter thrown = new StringWriter();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(System.out);
            for (ThrowingCallable failure : failures()) {
                Throwable failed = catchThrowable(failure);
                assertThat(failed).isNotNull();
                failed.printStackTrace(new PrintWriter(thrown, true));
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(thrown.toString()).contains("Exception").doesNotContain("x47y");
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("x47y");
    }

    private List<ThrowingCallable> failures() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken"), CANARY + "\n" + CANARY + "==\n");
        EnvFileStore unreadable = EnvFileStore.at(broken, folder.resolve("lock"));
        OpenBaoStore unreachable = OpenBaoStore.at(settings());
        Secrets secrets = Secrets.of(
                new InMemorySecretStore(),
                List.of(SecretDeclaration.of(NAME).importedFrom("env:LONG")),
                Map.of("LONG", CANARY.repeat(9_000)),
                new Random(1));
        byte[] open = ("A=\"" + CANARY + "\n").getBytes(StandardCharsets.UTF_8);
        return List.of(
                () -> EnvVariables.read(broken),
                () -> unreadable.get(NAME),
                () -> unreadable.put(NAME, VALUE),
                () -> unreachable.get(NAME),
                () -> unreachable.put(NAME, VALUE),
                () -> unreachable.putIfAbsent(NAME, VALUE),
                () -> unreachable.keys(),
                () -> secrets.resolve(Set.of(NAME, new SecretName("other"))),
                () -> secrets.set(NAME, SecretValue.of(CANARY + "\0")),
                () -> SecretValue.of(CANARY + "\ud800"),
                () -> EnvFile.parse("x", open).with("B", SecretValue.of(" #" + CANARY)),
                () -> OpenBaoSettings.of(Map.of("token", CANARY + "\n"), Map.of("OPENBAO_ADDR", "http://x")),
                () -> OpenBaoSettings.of(Map.of("token", "${" + "x}" + CANARY), Map.of("OPENBAO_ADDR", "http://x")),
                () -> OpenBaoSettings.of(Map.of("address", "http://u:" + CANARY + "@x"), Map.of()),
                () -> ResolvedSecrets.of(Map.of(NAME, VALUE)).fill(Text.secret(new SecretName("absent"))));
    }
}

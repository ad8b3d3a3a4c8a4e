package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.contract.InMemorySecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private static final SecretName A = new SecretName("a");
    private static final SecretName B = new SecretName("b");
    private static final SecretName C = new SecretName("c");
    private static final SecretValue CANARY = SecretValue.of("canary-4711");

    private final SecretStore store = new InMemorySecretStore();
    private final Map<String, String> environment = new HashMap<>();

    private Secrets secrets(SecretDeclaration... declarations) {
        return Secrets.of(store, Arrays.asList(declarations), environment, new Random(1));
    }

    private static SecretDeclaration declared(SecretName name) {
        return SecretDeclaration.of(name);
    }

    private static String value(ResolvedSecrets resolved, SecretName name) {
        return resolved.find(name).orElseThrow().reveal();
    }

    @Test
    void a_stored_value_comes_before_an_import_and_a_random_one() {
        environment.put("X", "from the environment");
        store.put(A, CANARY);
        Secrets secrets =
                secrets(declared(A).importedFrom("env:X").withRandomValue().asRequired());
        assertThat(value(secrets.resolve(Set.of(A)), A)).isEqualTo("canary-4711");
    }

    @Test
    void an_empty_text_that_is_stored_is_a_value() {
        store.put(A, SecretValue.of(""));
        assertThat(value(secrets(declared(A).withRandomValue()).resolve(Set.of(A)), A))
                .isEmpty();
    }

    @Test
    void an_import_comes_before_a_random_value_and_is_copied_once() {
        environment.put("X", "first");
        SecretDeclaration declaration = declared(A).importedFrom("env:X").withRandomValue();
        assertThat(value(secrets(declaration).resolve(Set.of(A)), A)).isEqualTo("first");
        environment.put("X", "second");
        assertThat(value(secrets(declaration).resolve(Set.of(A)), A)).isEqualTo("first");
        assertThat(store.get(A)).contains(SecretValue.of("first"));
    }

    @Test
    void a_random_value_is_base64url_of_its_length_and_stays() {
        for (int length : new int[] {1, 2, 3, 31, 32, 33, 4096}) {
            SecretName name = new SecretName("n" + length);
            Secrets secrets = secrets(declared(name).withRandomValue(length));
            String first = value(secrets.resolve(Set.of(name)), name);
            assertThat(first).hasSize(length).matches("[A-Za-z0-9_-]+");
            assertThat(value(secrets.resolve(Set.of(name)), name)).isEqualTo(first);
        }
    }

    @Test
    void random_values_differ_and_come_from_the_source_of_randomness() {
        Secrets secrets = secrets(declared(A).withRandomValue(), declared(B).withRandomValue());
        ResolvedSecrets one = secrets.resolve(Set.of(A, B));
        assertThat(value(one, A)).isNotEqualTo(value(one, B));
        Secrets other =
                Secrets.of(new InMemorySecretStore(), List.of(declared(A).withRandomValue()), Map.of(), new Random(2));
        assertThat(value(other.resolve(Set.of(A)), A)).isNotEqualTo(value(one, A));
    }

    @Test
    void only_what_is_asked_for_is_resolved_and_made_R38() {
        Secrets secrets = secrets(
                declared(A).withRandomValue(),
                declared(B).withRandomValue(),
                declared(C).asRequired());
        ResolvedSecrets resolved = secrets.resolve(Set.of(A));
        assertThat(resolved.find(A)).isPresent();
        assertThat(resolved.find(B)).isEmpty();
        assertThat(store.keys()).containsExactly("a");
        assertThat(secrets.resolve(Set.of())).hasToString("[]");
    }

    @Test
    void everything_that_is_wrong_is_told_at_once_and_nothing_is_stored() {
        environment.put("EMPTY", "");
        environment.put("LONG", "x".repeat(65_537));
        SecretName[] n = Arrays.stream("import empty long required plain undeclared random good".split(" "))
                .map(SecretName::new)
                .toArray(SecretName[]::new);
        environment.put("GOOD", "4711");
        Secrets secrets = secrets(
                declared(n[0]).importedFrom("env:NOT_SET").withRandomValue(),
                declared(n[1]).importedFrom("env:EMPTY"),
                declared(n[2]).importedFrom("env:LONG"),
                declared(n[3]).asRequired(),
                declared(n[4]),
                declared(n[6]).withRandomValue(),
                declared(n[7]).importedFrom("env:GOOD"));
        assertThatThrownBy(() -> secrets.resolve(Set.of(n)))
                .isInstanceOfSatisfying(UnresolvedSecretsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
                    assertThat(e.problems()).containsOnlyKeys(n[0], n[1], n[2], n[3], n[4], n[5]);
                    assertThat(e.problems().get(n[0])).contains("NOT_SET, which is not set");
                    assertThat(e.problems().get(n[1])).contains("EMPTY, which is empty");
                    assertThat(e.problems().get(n[2])).contains("LONG: it is longer than 65536 bytes");
                    assertThat(e.problems().get(n[3])).contains("is required and has no value; set it");
                    assertThat(e.problems().get(n[4])).isEqualTo("has no value; set it");
                    assertThat(e.problems().get(n[5])).contains("is not declared (declared: empty, good, ");
                    assertThat(e)
                            .hasMessageContaining("secret 'required' is required")
                            .hasMessageContaining("6 problems");
                    assertThat(e.getMessage()).doesNotContain("4711", "xxx");
                });
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void whoever_comes_second_takes_the_value_of_the_first() {
        SecretStore slow = new SlowStore(store);
        Secrets secrets = Secrets.of(slow, List.of(declared(A).withRandomValue()), Map.of(), new Random(3));
        assertThat(value(secrets.resolve(Set.of(A)), A)).isEqualTo("canary-4711");
    }

    /** A store in which somebody else sets the secret just after we looked. */
    private record SlowStore(SecretStore real) implements SecretStore {
        @Override
        public Optional<SecretValue> get(SecretName name) {
            Optional<SecretValue> seen = real.get(name);
            real.putIfAbsent(name, CANARY);
            return seen;
        }

        @Override
        public void put(SecretName name, SecretValue value) {
            real.put(name, value);
        }

        @Override
        public SecretValue putIfAbsent(SecretName name, SecretValue value) {
            return real.putIfAbsent(name, value);
        }

        @Override
        public void delete(SecretName name) {
            real.delete(name);
        }

        @Override
        public Set<String> keys() {
            return real.keys();
        }

        @Override
        public String key(SecretName name) {
            return real.key(name);
        }
    }

    @Test
    void looking_makes_nothing() {
        environment.put("X", "x");
        Secrets secrets = secrets(
                declared(B).withRandomValue(), declared(A).importedFrom("env:X").asRequired());
        assertThat(secrets.list())
                .containsExactly(
                        new SecretInfo(A, true, false, true, false, Optional.of("env:X"), "ANGEE_SECRET_A"),
                        new SecretInfo(B, true, false, false, true, Optional.empty(), "ANGEE_SECRET_B"));
        assertThat(secrets.get(A).hasValue()).isFalse();
        assertThatThrownBy(() -> secrets.value(A)).isInstanceOf(NotFoundException.class);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void metadata_is_told_of_any_valid_name_and_values_of_those_that_have_one() {
        Secrets secrets = secrets(declared(A));
        assertThat(secrets.set(B, CANARY))
                .isEqualTo(new SecretInfo(B, false, true, false, false, Optional.empty(), "ANGEE_SECRET_B"));
        assertThat(secrets.get(B).hasValue()).isTrue();
        assertThat(secrets.get(C))
                .isEqualTo(new SecretInfo(C, false, false, false, false, Optional.empty(), "ANGEE_SECRET_C"));
        assertThat(secrets.value(B)).isEqualTo(CANARY);
        assertThat(secrets.list())
                .extracting(SecretInfo::name)
                .as("declared ones only")
                .containsExactly(A);
    }

    @Test
    void set_refuses_what_is_empty_too_long_or_no_variable_can_hold() {
        Secrets secrets = secrets(declared(A));
        assertThatThrownBy(() -> secrets.set(A, SecretValue.of(""))).hasMessageContaining("delete the secret");
        assertThatThrownBy(() -> secrets.set(A, SecretValue.of("é".repeat(32_768) + "x")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("longer than 65536 bytes");
        assertThatThrownBy(() -> secrets.set(A, SecretValue.of("a\0b"))).hasMessageContaining("NUL");
        assertThatThrownBy(() -> SecretValue.of("\ud800")).isInstanceOf(InvalidInputException.class);
        assertThat(store.keys()).isEmpty();
        assertThat(secrets.set(A, SecretValue.of("é".repeat(32_768))).hasValue())
                .isTrue();
    }

    @Test
    void delete_can_be_repeated_and_the_declaration_stays() {
        Secrets secrets = secrets(declared(A));
        secrets.set(A, CANARY);
        secrets.delete(A);
        secrets.delete(A);
        assertThat(secrets.list()).extracting(SecretInfo::hasValue).containsExactly(false);
    }

    @Test
    void colliding_declarations_are_refused_R23() {
        assertThatThrownBy(() -> secrets(declared(new SecretName("a-b")), declared(new SecretName("a.b"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'a-b' and 'a.b' would share the variable ANGEE_SECRET_A_B");
        assertThatThrownBy(() -> secrets(declared(A), declared(A))).hasMessageContaining("'a' is declared twice");
    }

    @Test
    void an_undeclared_name_cannot_reach_the_value_of_a_declared_one_R23() {
        Secrets secrets = secrets(declared(new SecretName("a-b")));
        SecretName other = new SecretName("a.b");
        assertThatThrownBy(() -> secrets.set(other, CANARY)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> secrets.delete(other)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> secrets.value(other)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> secrets.get(other)).isInstanceOf(ConflictException.class);
    }

    @Test
    void a_store_that_fails_fails_the_call_and_nothing_is_made_up_R24(@TempDir Path folder) throws IOException {
        SecretStore broken = EnvFileStore.at(Files.createDirectory(folder.resolve(".env")), folder.resolve("lock"));
        Secrets secrets = Secrets.of(broken, List.of(declared(A).withRandomValue()), Map.of(), new Random(1));
        assertThatThrownBy(() -> secrets.resolve(Set.of(A))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(secrets::list).isInstanceOf(ConflictException.class);
    }
}

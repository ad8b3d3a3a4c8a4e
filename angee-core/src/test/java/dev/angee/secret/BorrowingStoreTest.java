package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.InMemorySecretStore;
import dev.angee.contract.SecretStoreContract;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BorrowingStoreTest extends SecretStoreContract {
    private static final SecretName A = new SecretName("a");
    private static final SecretName B = new SecretName("b");

    private final Map<SecretName, SecretValue> lent = new HashMap<>();
    private final InMemorySecretStore own = new InMemorySecretStore();

    /** Lends what is in a map. */
    static final class MapLender implements SecretLender {
        private final Map<SecretName, SecretValue> lent;

        MapLender(Map<SecretName, SecretValue> lent) {
            this.lent = lent;
        }

        @Override
        public Set<SecretName> names() {
            return lent.keySet();
        }

        @Override
        public Optional<SecretValue> find(SecretName name) {
            return Optional.ofNullable(lent.get(name));
        }
    }

    @Override
    protected SecretStore store() {
        return own.borrowing(new MapLender(lent));
    }

    @Test
    void what_it_has_itself_goes_before_what_it_is_lent() {
        SecretStore store = store();
        lent.put(A, SecretValue.of("lent"));
        assertThat(store.get(A)).contains(SecretValue.of("lent"));
        assertThat(store.keys()).containsExactly(store.key(A));
        assertThat(store.putIfAbsent(A, SecretValue.of("made"))).isEqualTo(SecretValue.of("lent"));
        assertThat(own.keys()).isEmpty();
        store.put(A, SecretValue.of("own"));
        assertThat(store.get(A)).contains(SecretValue.of("own"));
        assertThat(lent).containsEntry(A, SecretValue.of("lent"));
        store.delete(A);
        assertThat(store.get(A)).contains(SecretValue.of("lent"));
    }

    @Test
    void a_lender_is_not_asked_for_what_it_does_not_lend() {
        SecretStore store = own.borrowing(new SecretLender() {
            @Override
            public Set<SecretName> names() {
                return Set.of(A);
            }

            @Override
            public Optional<SecretValue> find(SecretName name) {
                return Optional.of(SecretValue.of(name.value()));
            }
        });
        assertThat(store.get(B)).isEmpty();
        assertThat(store.get(A)).contains(SecretValue.of("a"));
    }
}

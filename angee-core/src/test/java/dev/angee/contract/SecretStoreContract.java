package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.secret.SecretName;
import dev.angee.secret.SecretStore;
import dev.angee.secret.SecretValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link SecretStore} promises, one test per sentence of its documentation. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
public abstract class SecretStoreContract {
    private static final SecretName A = new SecretName("db-password");
    private static final SecretName B = new SecretName("api.token");
    private static final SecretValue ONE = SecretValue.of("one");
    private static final SecretValue TWO = SecretValue.of("two");

    /** Another way into the one empty store under test, as another process would have it. */
    protected abstract SecretStore store();

    @Test
    void a_secret_that_was_never_put_has_no_value() {
        assertThat(store().get(A)).isEmpty();
        assertThat(store().keys()).isEmpty();
    }

    @Test
    void what_was_put_is_seen_by_whoever_opens_the_store() {
        store().put(A, ONE);
        assertThat(store().get(A)).contains(ONE);
    }

    @Test
    void a_value_comes_back_exactly_as_it_was_put() {
        List<String> values = new ArrayList<>(List.of(
                "",
                " ",
                " lead and trail \t",
                "\n",
                "a\nb\r\nc\rd\n",
                "'",
                "\"",
                "\\",
                "\\\\",
                "a\\'b\\",
                "$",
                "$$",
                "${HOME}",
                "\\$x",
                "#",
                " # no comment",
                "=",
                "a=b",
                "`id`",
                "\t\u0001\u001b\u007f\u0000",
                "\\n",
                "\\x01",
                "ä\u0085\u00a0",
                "\u2028",
                "\ufeff",
                "😀",
                "'two' \"words\" $x `y` \\z\n"));
        for (char c = ' '; c <= '~'; c++) {
            values.add("x" + c);
            values.add(c + "x");
            values.add(c + "'" + c + "$" + c + "\n" + c);
        }
        SecretStore store = store();
        for (String value : values) {
            store.put(A, SecretValue.of(value));
            assertThat(store.get(A).orElseThrow().reveal()).isEqualTo(value);
        }
    }

    @Test
    void a_long_value_comes_back() {
        SecretValue value = SecretValue.of("$'\n\"".repeat(16_384));
        store().put(A, value);
        assertThat(store().get(A)).contains(value);
    }

    @Test
    void an_empty_text_is_a_value() {
        store().put(A, SecretValue.of(""));
        assertThat(store().get(A)).contains(SecretValue.of(""));
        assertThat(store().keys()).containsExactly(store().key(A));
        assertThat(store().putIfAbsent(A, ONE)).isEqualTo(SecretValue.of(""));
    }

    @Test
    void put_replaces_the_value_and_touches_no_other_secret() {
        store().put(A, ONE);
        store().put(B, ONE);
        store().put(A, TWO);
        assertThat(store().get(A)).contains(TWO);
        assertThat(store().get(B)).contains(ONE);
    }

    @Test
    void put_if_absent_sets_what_has_no_value_and_tells_what_has_one() {
        assertThat(store().putIfAbsent(A, ONE)).isEqualTo(ONE);
        assertThat(store().putIfAbsent(A, TWO)).isEqualTo(ONE);
        assertThat(store().get(A)).contains(ONE);
    }

    @Test
    void put_if_absent_sets_what_was_deleted() {
        store().put(A, ONE);
        store().delete(A);
        assertThat(store().putIfAbsent(A, TWO)).isEqualTo(TWO);
        assertThat(store().get(A)).contains(TWO);
    }

    @Test
    void of_many_callers_at_once_one_sets_the_value_and_all_are_told_it_R29() throws Exception {
        int callers = 8;
        for (int round = 0; round < 10; round++) {
            SecretName name = new SecretName("race-" + round);
            CountDownLatch start = new CountDownLatch(1);
            List<Callable<SecretValue>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                SecretValue mine = SecretValue.of("value-" + i);
                SecretStore store = store();
                calls.add(() -> {
                    start.await();
                    return store.putIfAbsent(name, mine);
                });
            }
            assertThat(new HashSet<>(atOnce(calls, start)))
                    .hasSize(1)
                    .containsExactly(store().get(name).orElseThrow());
        }
    }

    @Test
    void changes_of_different_secrets_at_once_lose_none_R29() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Callable<SecretValue>> calls = new ArrayList<>();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 24; i++) {
            SecretName name = new SecretName("n-" + i);
            SecretStore store = store();
            expected.add(store.key(name));
            calls.add(() -> {
                start.await();
                store.put(name, ONE);
                return ONE;
            });
        }
        atOnce(calls, start);
        assertThat(store().keys()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<SecretValue> atOnce(List<Callable<SecretValue>> calls, CountDownLatch start) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<SecretValue>> futures = new ArrayList<>();
            calls.forEach(call -> futures.add(threads.submit(call)));
            start.countDown();
            List<SecretValue> values = new ArrayList<>();
            for (Future<SecretValue> future : futures) {
                values.add(future.get(30, TimeUnit.SECONDS));
            }
            return values;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void delete_takes_the_value_away_and_touches_no_other_secret() {
        store().put(A, ONE);
        store().put(B, TWO);
        store().delete(A);
        assertThat(store().get(A)).isEmpty();
        assertThat(store().get(B)).contains(TWO);
        assertThat(store().keys()).containsExactly(store().key(B));
    }

    @Test
    void deleting_what_has_no_value_is_no_error() {
        store().delete(A);
        store().put(A, ONE);
        store().delete(A);
        store().delete(A);
        assertThat(store().get(A)).isEmpty();
    }

    @Test
    void what_was_deleted_can_be_put_again() {
        store().put(A, ONE);
        store().delete(A);
        store().put(A, TWO);
        assertThat(store().get(A)).contains(TWO);
    }

    @Test
    void keys_are_those_of_the_secrets_in_order() {
        store().put(A, ONE);
        store().put(B, TWO);
        List<String> inOrder =
                Stream.of(store().key(A), store().key(B)).sorted().toList();
        assertThat(store().keys()).containsExactlyElementsOf(inOrder);
    }

    @Test
    void no_text_of_a_store_shows_a_value() {
        store().put(A, SecretValue.of("canary-x47y"));
        assertThat(store() + " " + store().keys()).doesNotContain("x47y");
    }
}

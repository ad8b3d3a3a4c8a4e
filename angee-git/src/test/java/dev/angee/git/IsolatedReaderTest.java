package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IsolatedReaderTest {
    private SystemReader before;

    @BeforeEach
    void putAHostsReaderInPlace() {
        before = SystemReader.getInstance();
        SystemReader.setInstance(new HostReader(before));
    }

    @AfterEach
    void putBack() {
        SystemReader.setInstance(before);
    }

    @Test
    void inside_there_is_no_user_no_environment_and_no_gc() throws Exception {
        StoredConfig seen = IsolatedReader.isolated(() -> SystemReaderView.userConfig());
        assertThat(seen.getString("user", null, "name")).isNull();
        assertThat(seen.getInt("gc", "auto", 6700)).isZero();
        assertThat(seen.getInt("gc", "autoPackLimit", 50)).isZero();
        assertThat(IsolatedReader.<String>isolated(
                        () -> String.valueOf(SystemReader.getInstance().getenv("GIT_SSH"))))
                .isEqualTo("null");
        assertThat(IsolatedReader.<String>isolated(
                        () -> SystemReader.getInstance().getenv("LANGUAGE_OF_HOST")))
                .isEqualTo("host's LANGUAGE_OF_HOST");
        assertThat(IsolatedReader.<String>isolated(
                        () -> String.valueOf(SystemReader.getInstance().getXdgConfigDirectory(FS.DETECTED))))
                .isEqualTo("null");
    }

    @Test
    void outside_and_in_other_threads_the_hosts_reader_answers() throws Exception {
        IsolatedReader.isolated(() -> 1);
        assertThat(nameOfUser()).isEqualTo("host");
        assertThat(SystemReader.getInstance().getenv("GIT_SSH")).isEqualTo("host's GIT_SSH");
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<String> elsewhere = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            begun.join();
            elsewhere.complete(nameOfUser());
        });
        thread.start();
        String seen = IsolatedReader.isolated(() -> {
            begun.complete(null);
            return elsewhere.orTimeout(10, TimeUnit.SECONDS).join();
        });
        assertThat(seen).isEqualTo("host");
    }

    @Test
    void a_thread_started_inside_is_inside_until_the_call_is_over() throws Exception {
        AtomicReference<String> during = new AtomicReference<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<String> after = new CompletableFuture<>();
        IsolatedReader.isolated(() -> {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                during.set(String.valueOf(nameOfUser()));
                asked.complete(null);
                over.join();
                after.complete(nameOfUser());
            });
            thread.start();
            asked.orTimeout(10, TimeUnit.SECONDS).join();
            return 1;
        });
        over.complete(null);
        assertThat(during).hasValue("null");
        assertThat(after.get(10, TimeUnit.SECONDS)).isEqualTo("host");
    }

    @Test
    void a_call_within_a_call_does_not_end_the_outer_one() throws Exception {
        String seen = IsolatedReader.isolated(() -> {
            IsolatedReader.isolated(() -> 1);
            return String.valueOf(nameOfUser());
        });
        assertThat(seen).isEqualTo("null");
    }

    @Test
    void a_reader_the_host_puts_in_place_later_is_asked_from_then_on() throws Exception {
        IsolatedReader.isolated(() -> 1);
        SystemReader.setInstance(new HostReader(before) {
            @Override
            public StoredConfig getUserConfig() {
                Config config = new Config();
                config.setString("user", null, "name", "later");
                return withName("later");
            }
        });
        assertThat(IsolatedReader.<String>isolated(() -> String.valueOf(nameOfUser())))
                .isEqualTo("null");
        assertThat(nameOfUser()).isEqualTo("later");
    }

    @Test
    void file_clocks_are_not_measured() throws Exception {
        assertThat(new MemoryConfig().getTimeUnit("filesystem", "any", "timestampResolution", 7, TimeUnit.NANOSECONDS))
                .isEqualTo(10_000_000);
        assertThat(new MemoryConfig().getTimeUnit("other", "any", "x", 7, TimeUnit.NANOSECONDS))
                .isEqualTo(7);
    }

    private static String nameOfUser() {
        return SystemReaderView.userConfig().getString("user", null, "name");
    }

    private static StoredConfig withName(String name) {
        FileBasedConfig config = new MemoryConfig();
        config.setString("user", null, "name", name);
        return config;
    }

    /** The reader in place, without checked exceptions. */
    private static final class SystemReaderView {
        static StoredConfig userConfig() {
            try {
                return SystemReader.getInstance().getUserConfig();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What a host that uses JGit itself may have. */
    private static class HostReader extends SystemReader.Delegate {
        HostReader(SystemReader before) {
            super(before);
        }

        @Override
        public StoredConfig getUserConfig() {
            return withName("host");
        }

        @Override
        public String getenv(String variable) {
            return "host's " + variable;
        }
    }
}

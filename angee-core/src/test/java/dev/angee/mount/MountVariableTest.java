package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountVariableTest {
    private static ResolvedMount at(String mount, String path) {
        return new ResolvedMount(Mount.parse(mount), Optional.of(Path.of(path)));
    }

    @ParameterizedTest
    @CsvSource({
        "source://app:/src,             SOURCE_APP_PATH",
        "source://app/pkg:/src,         SOURCE_APP_PKG_PATH",
        "source://app/a-b.c/d:/x,       SOURCE_APP_A_B_C_D_PATH",
        "source://app/_a_/.git:/x,      SOURCE_APP_A_GIT_PATH",
        "source://app/é/x:/x,           SOURCE_APP_X_PATH",
        "workspace://w-1:/x:ro,         WORKSPACE_W_1_PATH",
        "volume://pg_data/sub:/x,       VOLUME_PG_DATA_SUB_PATH",
        "pg:/data,                      VOLUME_PG_PATH",
        "persist://db:/x,               PERSIST_DB_PATH",
        "bind:///abs:/z,                BIND_ABS_PATH",
        "bind:///a/b c/:/z,             BIND_A_B_C_PATH",
        "./conf.d:/z,                   BIND_CONF_D_PATH",
        "../up:/z,                      BIND_UP_PATH",
        "bind://.:/z,                   BIND_PATH"
    })
    void the_name_says_what_is_mounted(String mount, String name) {
        assertThat(MountVariable.name(Mount.parse(mount))).isEqualTo(name);
    }

    @Test
    void the_name_is_the_same_in_every_language_of_the_host() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(MountVariable.name(Mount.parse("source://lib:/x"))).isEqualTo("SOURCE_LIB_PATH");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void each_mount_becomes_a_variable_in_name_order() {
        assertThat(MountVariable.of(Arrays.asList(
                        at("volume://d:/x", "/v/d"), at("source://app:/x", "/s/app"), at("source://app:/y", "/s/app"))))
                .containsExactly(
                        java.util.Map.entry("SOURCE_APP_PATH", "/s/app"), java.util.Map.entry("VOLUME_D_PATH", "/v/d"));
    }

    @Test
    void two_folders_with_one_variable_are_refused_and_both_are_named() {
        for (List<String> pair : List.of(
                List.of("source://a-b:/x", "source://a.b:/y"),
                List.of("source://a/b:/x", "source://a_b:/y"),
                List.of("bind:///a/b:/x", "bind:///a-b:/y"))) {
            List<ResolvedMount> mounts = List.of(at(pair.get(0), "/1"), at(pair.get(1), "/2"));
            assertThatThrownBy(() -> MountVariable.of(mounts))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(pair.get(0), pair.get(1), "_PATH");
        }
    }

    @Test
    void a_mount_without_a_folder_here_is_refused() {
        List<ResolvedMount> mounts = List.of(new ResolvedMount(Mount.parse("pg:/data"), Optional.empty()));
        assertThatThrownBy(() -> MountVariable.of(mounts)).hasMessageContaining("no folder on this host");
    }
}

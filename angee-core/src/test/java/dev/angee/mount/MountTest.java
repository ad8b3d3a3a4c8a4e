package dev.angee.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.mount.Mount.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountTest {
    @Test
    void the_parts_of_a_mount() {
        assertThat(Mount.parse("source://app/pkg/x:/src:ro"))
                .isEqualTo(new Mount(Scheme.SOURCE, "app", "pkg/x", "/src", true));
        assertThat(Mount.parse("volume://data:/var:rw")).isEqualTo(new Mount(Scheme.VOLUME, "data", "", "/var", false));
        assertThat(Mount.parse("bind:///a b/c:/x")).isEqualTo(new Mount(Scheme.BIND, "/a b/c", "", "/x", false));
        assertThat(Mount.parse("bind:///with:colon:/x"))
                .isEqualTo(new Mount(Scheme.BIND, "/with:colon", "", "/x", false));
        assertThat(Mount.parse("pg:/data")).isEqualTo(new Mount(Scheme.VOLUME, "pg", "", "/data", false));
        assertThat(Mount.parse("./conf:/etc/x:ro")).isEqualTo(new Mount(Scheme.BIND, "./conf", "", "/etc/x", true));
        assertThat(Mount.parseWorkdir("source://app/pkg")).isEqualTo(new Mount(Scheme.SOURCE, "app", "pkg", "", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source://app",
                "source://:/x",
                "source://app:x",
                "sourc://app:/x",
                "source://app/../..:/x",
                "source://app:/x:ro:ro",
                "volume://data/sub:/x",
                "://x:/y",
                "",
                "a",
                "source:///x:/y"
            })
    void what_is_no_mount_is_refused(String text) {
        assertThatThrownBy(() -> Mount.parse(text))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("mount");
    }

    @Test
    void a_symbolic_link_does_not_lead_out_of_a_source_R37(@TempDir Path folder) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        Files.createDirectories(app.resolve("inside"));
        Files.createSymbolicLink(app.resolve("out"), folder);
        Files.createSymbolicLink(app.resolve("in"), app.resolve("inside"));
        MountResolver resolver = new MountResolver(folder, Map.of("app", app), Map.of(), Set.of());
        assertThat(resolver.resolve(Mount.parse("source://app/in:/x")).hostPath())
                .contains(app.resolve("in"));
        assertThat(resolver.resolve(Mount.parse("source://app/not/yet:/x")).hostPath())
                .contains(app.resolve("not/yet"));
        assertThatThrownBy(() -> resolver.resolve(Mount.parse("source://app/out:/x")))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("leads out of");
        assertThatThrownBy(() -> resolver.resolve(Mount.parse("source://app/out/not/yet:/x")))
                .hasMessageContaining("leads out of");
    }
}

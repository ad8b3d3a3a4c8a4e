package dev.angee.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import org.junit.jupiter.api.Test;

class MetadataReaderTest {
    /** Answers are kept in clear in a workspace's record, so a template that asks for a secret is not rendered at all. */
    @Test
    void a_template_that_asks_for_a_secret_is_refused_before_anything_is_stored_S7() {
        assertThatThrownBy(() -> MetadataReader.read("copier.yml", """
                        _angee: { kind: workspace }
                        MCP_TOKEN: { type: str, secret: true }
                        """))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("copier.yml:2:25  MCP_TOKEN.secret: is not supported yet");
    }
}

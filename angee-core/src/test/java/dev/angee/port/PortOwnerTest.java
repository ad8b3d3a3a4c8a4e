package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortOwnerTest {
    @Test
    void an_owner_is_written_in_one_of_three_forms() {
        assertThat(PortOwner.workspace("feat-x", "web")).hasToString("workspace/feat-x/web");
        assertThat(PortOwner.service("api", "web")).hasToString("service/api/web");
        assertThat(PortOwner.stack("web")).hasToString("stack/web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workspace/feat-x/web", "service/api/web", "stack/web", "workspace/stack/stack"})
    void what_is_written_is_read_again(String text) {
        assertThat(PortOwner.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a",
                "stack",
                "stack/",
                "stack/a/b",
                "workspace/a",
                "workspace//web",
                "workspace/../web",
                "workspace/a/web/",
                "workspace/a/web/x",
                "WORKSPACE/a/web",
                "person/a/web",
                "service/a b/web",
                "workspace/a/we\nb",
                " stack/web",
                "stack/../x"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> PortOwner.parse(text))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("workspace/<workspace>/<pool>");
    }

    @Test
    void a_stack_has_no_name() {
        assertThatThrownBy(() -> new PortOwner(PortOwner.Kind.STACK, "x", "web"))
                .isInstanceOf(AngeeException.class);
    }
}

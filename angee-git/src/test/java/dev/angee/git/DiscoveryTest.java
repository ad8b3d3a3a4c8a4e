package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.SourceControl;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    @Test
    void a_host_finds_it_on_its_class_path() {
        assertThat(ServiceLoader.load(SourceControl.class))
                .singleElement()
                .isInstanceOf(DetectedSourceControl.class)
                .extracting(SourceControl::describe)
                .asString()
                .matches("git 2\\.\\d+\\.\\d+ with JGit .*|JGit .*");
    }
}

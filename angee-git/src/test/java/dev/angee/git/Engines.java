package dev.angee.git;

import dev.angee.source.SourceControl;
import java.util.List;

/** Both engines, by name: for tests that are the same for each. */
final class Engines {
    private Engines() {}

    static List<String> names() {
        return List.of("jgit", "git");
    }

    static SourceControl of(String name) {
        return switch (name) {
            case "jgit" -> new JGitSourceControl();
            case "git" -> new GitSourceControl(System.getenv());
            default -> throw new IllegalArgumentException("no engine is called " + name);
        };
    }
}

package dev.angee.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.angee.contract.HouseRules;
import org.junit.jupiter.api.Test;

class CoreRulesTest extends HouseRules {
    private static final String[] PURE = {
        "dev.angee.expression..",
        "dev.angee.plan..",
        "dev.angee.compile..",
        "dev.angee.document..",
        "dev.angee.workload..",
        "dev.angee.ingress..",
        "dev.angee.agent.."
    };

    @Override
    protected String module() {
        return "dev.angee";
    }

    @Test
    void core_knows_no_docker_jgit_freemarker_or_http() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.github.dockerjava..",
                        "org.eclipse.jgit..",
                        "freemarker..",
                        "java.net.http..",
                        "com.sun.net.httpserver.."));
    }

    @Test
    void pure_packages_touch_no_file_environment_clock_process_or_socket() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\.Files|java\\.io\\.File.*|java\\.lang\\.Process.*|java\\.lang\\.Runtime"
                                + "|java\\.net\\..*|java\\.time\\.Clock|java\\.util\\.Random|java\\.lang\\.Thread")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis"));
    }

    @Test
    void backends_could_be_written_against_the_plan_alone() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.angee.runtime..", "dev.angee.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.angee.manifest..", "dev.angee.expression..", "dev.angee.resolve.."));
    }
}

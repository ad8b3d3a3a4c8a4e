package dev.angee.rest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.angee.contract.HouseRules;
import org.junit.jupiter.api.Test;

class RestRulesTest extends HouseRules {
    @Override
    protected String module() {
        return "dev.angee.rest";
    }

    @Test
    void only_the_server_knows_a_server() {
        check(noClasses()
                .that()
                .doNotHaveSimpleName("RestServer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.sun.net.httpserver.."));
    }

    @Test
    void the_adapter_knows_no_files_and_nothing_behind_the_front_door() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.angee.manifest..",
                        "dev.angee.expression..",
                        "dev.angee.plan..",
                        "dev.angee.compile..",
                        "dev.angee.resolve..",
                        "dev.angee.internal..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.nio.file.Files"));
    }
}

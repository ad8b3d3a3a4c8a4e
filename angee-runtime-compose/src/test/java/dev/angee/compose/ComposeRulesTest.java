package dev.angee.compose;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.angee.contract.HouseRules;
import org.junit.jupiter.api.Test;

class ComposeRulesTest extends HouseRules {
    @Override
    protected String module() {
        return "dev.angee.compose";
    }

    @Test
    void a_backend_knows_the_plan_only() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.angee.manifest..",
                        "dev.angee.expression..",
                        "dev.angee.compile..",
                        "dev.angee.resolve..",
                        "dev.angee.stack.."));
    }
}

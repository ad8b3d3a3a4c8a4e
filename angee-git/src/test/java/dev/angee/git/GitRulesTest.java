package dev.angee.git;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.angee.contract.HouseRules;
import org.junit.jupiter.api.Test;

class GitRulesTest extends HouseRules {
    @Override
    protected String module() {
        return "dev.angee.git";
    }

    @Test
    void source_control_knows_its_seam_only() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.angee.manifest..",
                        "dev.angee.expression..",
                        "dev.angee.plan..",
                        "dev.angee.runtime..",
                        "dev.angee.workspace.."));
    }
}

package dev.angee.templates;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.angee.contract.HouseRules;
import org.junit.jupiter.api.Test;

class TemplatesRulesTest extends HouseRules {
    @Override
    protected String module() {
        return "dev.angee.templates";
    }

    @Test
    void templates_know_nothing_of_running_or_git() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.angee.runtime..",
                        "dev.angee.source..",
                        "dev.angee.stack..",
                        "dev.angee.workspace..",
                        "dev.angee.plan.."));
    }
}

package dev.angee.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules every library module of ours keeps; extended by one test in each. */
public abstract class HouseRules {
    private static final int MOST_PUBLIC_METHODS = 14;
    private static final Map<String, JavaClasses> IMPORTED = new ConcurrentHashMap<>();

    /** The package of the module under test, for example {@code dev.angee.git}. */
    protected abstract String module();

    @Test
    void packages_have_no_cycles() {
        check(SlicesRuleDefinition.slices().matching("dev.angee.(**)").should().beFreeOfCycles());
    }

    @Test
    void no_type_has_a_name_that_says_nothing() {
        check(noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Common")
                .orShould()
                .haveSimpleNameStartingWith("Base")
                .orShould()
                .haveNameMatching(".*\\.(Platform|Compiler|Runtime|Process|Module)"));
    }

    @Test
    void exported_signatures_name_only_the_jdk_and_our_own_types() {
        check(classes().that(areExported()).should(nameOnlyOwnTypes()));
    }

    @Test
    void a_public_type_has_about_a_dozen_public_methods_at_most() {
        check(classes().that(areExported()).should(keepTheMethodBudget()));
    }

    @Test
    void no_public_method_takes_a_boolean() {
        check(classes().that(areExported()).should(takeNoBooleans()));
    }

    /** Checks one rule on the main classes of the module. */
    protected final void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(IMPORTED.computeIfAbsent(module(), HouseRules::load));
    }

    private static JavaClasses load(String module) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(module);
        assertThat(classes).as("classes of " + module).isNotEmpty();
        return classes;
    }

    private static DescribedPredicate<JavaClass> areExported() {
        return DescribedPredicate.describe(
                "are exported",
                type -> type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !type.getPackageName().startsWith("dev.angee.internal"));
    }

    private static Stream<JavaMethod> publicMethods(JavaClass type) {
        return type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC)
                        && !method.getModifiers().contains(JavaModifier.SYNTHETIC));
    }

    private static ArchCondition<JavaClass> nameOnlyOwnTypes() {
        return new ArchCondition<>("name only types of the JDK and our own in signatures") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                publicMethods(type)
                        .forEach(method -> Stream.concat(
                                        method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType()))
                                .map(JavaClass::getBaseComponentType)
                                .filter(named -> !named.isPrimitive())
                                .filter(named -> Stream.of("java.", "dev.angee.")
                                        .noneMatch(own -> named.getName().startsWith(own)))
                                .forEach(named -> events.add(SimpleConditionEvent.violated(
                                        type, method.getFullName() + " names " + named.getName()))));
            }
        };
    }

    private static ArchCondition<JavaClass> keepTheMethodBudget() {
        return new ArchCondition<>("have at most " + MOST_PUBLIC_METHODS + " public methods") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                // A record has one for each component, a builder one for each part: they have no budget to keep.
                if (type.isRecord() || type.getSimpleName().endsWith("Builder")) {
                    return;
                }
                // What one object can be asked; a factory is no question to an object.
                List<String> names = publicMethods(type)
                        .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
                        .filter(method -> !Set.of("equals", "hashCode", "toString", "close")
                                .contains(method.getName()))
                        .map(JavaMethod::getName)
                        .distinct()
                        .toList();
                if (names.size() > MOST_PUBLIC_METHODS) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " has " + names));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> takeNoBooleans() {
        return new ArchCondition<>("take no boolean parameters") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                publicMethods(type)
                        .filter(method -> !type.isRecord() || !method.getName().equals("equals"))
                        .filter(method -> method.getRawParameterTypes().stream()
                                .anyMatch(parameter -> parameter.getName().equals("boolean")))
                        .forEach(method -> events.add(
                                SimpleConditionEvent.violated(type, method.getFullName() + " takes a boolean")));
            }
        };
    }
}

package dev.angee.service;

import dev.angee.render.AnswersFile;
import dev.angee.template.Template;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a service's template was told, as it is kept in the service's folder. The values of secrets are not in it, but references
 * to them; of a file that a Go operator has written, they may be.
 *
 * @param template the template's name; empty if the file does not say
 * @param workspace the workspace; empty if the file does not say
 * @param inputs the rest, without what the library gives itself
 */
record ServiceAnswers(Optional<String> template, Optional<String> workspace, Map<String, String> inputs) {
    ServiceAnswers {
        Map<String, String> own = new TreeMap<>(inputs);
        own.keySet().removeIf(ServiceNames::isReserved);
        inputs = Collections.unmodifiableMap(own);
    }

    static ServiceAnswers of(AnswersFile file) {
        Optional<String> workspace = Optional.ofNullable(file.values().get(ServiceNames.WORKSPACE));
        return new ServiceAnswers(file.template(), workspace.filter(name -> !name.isBlank()), file.values());
    }

    /** Whether they say all that makes a service: Copier's own files know no workspace. */
    boolean isOfService() {
        return template.isPresent() && workspace.isPresent();
    }

    /** The inputs, without those that the Go operator has made up and this template does not ask for. */
    Map<String, String> inputs(Template of) {
        Map<String, String> asked = new TreeMap<>(inputs);
        asked.keySet()
                .removeIf(input ->
                        AnswersFile.isMadeUp(input) && !of.metadata().inputs().containsKey(input));
        return asked;
    }

    /** The file of a service. */
    String file(String service) {
        Map<String, String> all = new TreeMap<>(inputs);
        workspace.ifPresent(each -> all.put(ServiceNames.WORKSPACE, each));
        all.put(ServiceNames.SERVICE, service);
        return new AnswersFile(template, all)
                .text("What the template of this service was told; written anew at every update.");
    }

    /** The names alone: a file of the Go operator may hold secrets. */
    @Override
    public String toString() {
        return "answers to " + inputs.keySet();
    }
}

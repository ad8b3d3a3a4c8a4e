package dev.angee.service;

import dev.angee.render.AnswersFile;
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
 * @param inputs the rest
 */
record ServiceAnswers(Optional<String> template, Optional<String> workspace, Map<String, String> inputs) {
    ServiceAnswers {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    static ServiceAnswers of(AnswersFile file) {
        Map<String, String> inputs = new TreeMap<>(file.values());
        inputs.keySet().removeIf(ServiceNames::isReserved);
        Optional<String> workspace = Optional.ofNullable(file.values().get(ServiceNames.WORKSPACE));
        return new ServiceAnswers(file.template(), workspace.filter(name -> !name.isBlank()), inputs);
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

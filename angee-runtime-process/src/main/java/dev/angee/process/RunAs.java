package dev.angee.process;

import java.util.List;
import java.util.Map;

/**
 * What makes a process run as the user that its workload names.
 *
 * @param prefix the words before its own command; none if it is to run as the user of this JVM
 * @param variables where that user is at home, in place of this JVM's
 */
record RunAs(List<String> prefix, Map<String, String> variables) {
    RunAs {
        prefix = List.copyOf(prefix);
        variables = Map.copyOf(variables);
    }
}

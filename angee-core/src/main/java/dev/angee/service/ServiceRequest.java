package dev.angee.service;

import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.manifest.ManifestReader;

/**
 * A service that is wanted, field by field.
 *
 * @param name its name; a valid one
 * @param fields what is known of it: an image or a command at least
 */
public record ServiceRequest(String name, ServiceFields fields) {
    /** Refuses what cannot be a name. Without a runtime, a service with an image is a container, and one with a command a process. */
    public ServiceRequest {
        if (!ManifestReader.isName(name)) {
            throw new InvalidInputException(
                    "name",
                    "'" + name + "' cannot be a service's name: letters, digits, '.', '_' and '-', beginning with a "
                            + "letter or digit, at most 63 characters, no '..'");
        }
        if (!fields.gives(ServiceField.RUNTIME)) {
            if (!fields.gives(ServiceField.IMAGE) && !fields.gives(ServiceField.COMMAND)) {
                throw new InvalidInputException("service", "'" + name + "' needs an image, or a command");
            }
            fields = fields.runtime(fields.gives(ServiceField.IMAGE) ? RuntimeKind.CONTAINER : RuntimeKind.LOCAL);
        }
    }

    /** A service of which nothing but some fields is known. */
    public static ServiceRequest of(String name, ServiceFields fields) {
        return new ServiceRequest(name, fields);
    }
}

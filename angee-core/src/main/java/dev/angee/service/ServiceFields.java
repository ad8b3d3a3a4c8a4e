package dev.angee.service;

import dev.angee.RuntimeKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values for some fields of a service; those that are not named stay as they are. A list or a map takes the place of the whole one.
 * Texts may hold what texts of a manifest may, such as <code>${secret.token}</code>. Immutable.
 */
public final class ServiceFields {
    private static final ServiceFields NONE = new ServiceFields(Map.of());

    private final Map<ServiceField, Optional<Object>> values;

    private ServiceFields(Map<ServiceField, Optional<Object>> values) {
        this.values = values;
    }

    /** No field at all. */
    public static ServiceFields none() {
        return NONE;
    }

    /** These, and where it runs. */
    public ServiceFields runtime(RuntimeKind runtime) {
        return with(ServiceField.RUNTIME, Optional.of(runtime.id()));
    }

    /** These, and its image. */
    public ServiceFields image(String image) {
        return with(ServiceField.IMAGE, Optional.of(image));
    }

    /** These, and its command. */
    public ServiceFields command(List<String> command) {
        return with(ServiceField.COMMAND, Optional.of(List.copyOf(command)));
    }

    /** These, and its variables. */
    public ServiceFields env(Map<String, String> variables) {
        return with(
                ServiceField.ENV, Optional.of(Collections.unmodifiableMap(new java.util.LinkedHashMap<>(variables))));
    }

    /** These, and its mounts, as lines: {@code workspace://feat-x:/work}. */
    public ServiceFields mounts(List<String> mounts) {
        return with(ServiceField.MOUNTS, Optional.of(List.copyOf(mounts)));
    }

    /** These, and its ports, as lines: {@code 127.0.0.1:8080:80}. */
    public ServiceFields ports(List<String> ports) {
        return with(ServiceField.PORTS, Optional.of(List.copyOf(ports)));
    }

    /** These, and its working directory. */
    public ServiceFields workdir(String workdir) {
        return with(ServiceField.WORKDIR, Optional.of(workdir));
    }

    /** These, and this one is to have no value. */
    public ServiceFields clear(ServiceField field) {
        return with(field, Optional.empty());
    }

    private ServiceFields with(ServiceField field, Optional<Object> value) {
        EnumMap<ServiceField, Optional<Object>> more = new EnumMap<>(ServiceField.class);
        more.putAll(values);
        more.put(field, value);
        return new ServiceFields(more);
    }

    /** The fields that are named; empty for one that is to have no value. */
    Map<ServiceField, Optional<Object>> values() {
        return values;
    }

    boolean gives(ServiceField field) {
        return values.getOrDefault(field, Optional.empty()).isPresent();
    }
}

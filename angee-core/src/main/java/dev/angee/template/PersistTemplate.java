package dev.angee.template;

import java.util.Optional;

/**
 * A folder of a workspace that a template makes, and whose content is nobody's but the user's.
 *
 * @param name what the template calls it
 * @param subpath where it stands in the workspace
 * @param scope stored, and never interpreted
 */
public record PersistTemplate(String name, String subpath, Optional<String> scope) {}

package dev.angee.stack;

import dev.angee.resolve.SecretKeeper;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;

/**
 * What stacks are made with.
 *
 * @param catalog finds templates
 * @param engine renders them
 * @param keeper keeps their secrets
 */
record StackTools(TemplateCatalog catalog, TemplateEngine engine, SecretKeeper keeper) {}

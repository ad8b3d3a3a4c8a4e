package dev.angee.stack;

import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;

/**
 * What stacks are made with.
 *
 * @param catalog finds templates
 * @param engine renders them
 */
record StackTools(TemplateCatalog catalog, TemplateEngine engine) {}

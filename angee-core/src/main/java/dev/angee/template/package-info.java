/**
 * Templates: the seam to engines, {@link dev.angee.template.TemplateRenderer}, where templates come from, and what
 * their metadata says.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.template;

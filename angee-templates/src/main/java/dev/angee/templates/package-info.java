/**
 * Templates that work out of the box: an engine, {@link dev.angee.templates.FreeMarkerRenderer}, and a small collection
 * in its language, {@link dev.angee.templates.BundledTemplates}.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.templates;

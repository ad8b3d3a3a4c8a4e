package dev.angee.template;

/**
 * A text that is a template.
 *
 * @param name what it is called in errors: a file's path within its template
 * @param text what is written in it
 */
public record TemplateText(String name, String text) {}

/**
 * Jinja's language: from text to tokens ({@code Lexer}), to a tree ({@code TemplateParser}, {@code ExpressionParser}), to text again
 * ({@code Rendering}). Values are text, numbers, booleans, lists and mappings; there is no reflection in here to escape through.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.templates.jinja;

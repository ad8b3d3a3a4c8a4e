/** Secrets: stores that keep them, values that never print, and text that refers to them by name. */
@org.jspecify.annotations.NullMarked
package dev.angee.secret;

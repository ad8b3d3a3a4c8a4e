/** Tests of the engine and of the templates that ship. */
@org.jspecify.annotations.NullMarked
package dev.angee.templates;

/** From a manifest and its bindings to a runtime plan: pure functions. */
@org.jspecify.annotations.NullMarked
package dev.angee.compile;

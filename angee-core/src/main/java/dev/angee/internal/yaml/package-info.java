/** Strict reading of YAML that people write: every wrong thing becomes a problem, and one pass finds all of them. */
@org.jspecify.annotations.NullMarked
package dev.angee.internal.yaml;

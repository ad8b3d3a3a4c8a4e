/** Files and locks as the whole platform uses them. Exported to our own modules only. */
@org.jspecify.annotations.NullMarked
package dev.angee.internal;

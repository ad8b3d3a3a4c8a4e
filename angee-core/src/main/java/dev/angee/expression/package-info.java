/** Text that may hold {@code ${…}}: parsed once, where it is read, and evaluated where everything it names is known. */
@org.jspecify.annotations.NullMarked
package dev.angee.expression;

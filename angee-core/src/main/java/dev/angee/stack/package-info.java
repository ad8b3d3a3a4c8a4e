/** The running of one manifest: {@link dev.angee.stack.Stack} is the type that embedders hold. */
@org.jspecify.annotations.NullMarked
package dev.angee.stack;

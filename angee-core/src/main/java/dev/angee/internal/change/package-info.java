/** Changes of many files that are made together or not at all, also if the process dies over them. */
@org.jspecify.annotations.NullMarked
package dev.angee.internal.change;

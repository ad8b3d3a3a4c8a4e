/** Problems in documents that people write, each with its file, line and column. */
@org.jspecify.annotations.NullMarked
package dev.angee.document;

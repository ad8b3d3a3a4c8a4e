/** What is written in {@code angee.yaml}: read strictly, all problems at once, every value with its line and column. */
@org.jspecify.annotations.NullMarked
package dev.angee.manifest;

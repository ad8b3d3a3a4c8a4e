/** Long work: what it tells while it runs, and the journal that lets the next open undo what a crash left half done. */
@org.jspecify.annotations.NullMarked
package dev.angee.operation;

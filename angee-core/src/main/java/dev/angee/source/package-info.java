/**
 * The seam to version control: {@link dev.angee.source.SourceControl} and the values that go in and come out.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.source;

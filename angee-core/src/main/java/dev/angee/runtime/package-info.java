/**
 * The seam to whatever runs workloads: {@link dev.angee.runtime.Backend} and the values that go in and come out.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.runtime;

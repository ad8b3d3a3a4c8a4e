/** Small programs that embed Angee; {@link dev.angee.examples.Quickstart} is the one to begin with. */
@org.jspecify.annotations.NullMarked
package dev.angee.examples;

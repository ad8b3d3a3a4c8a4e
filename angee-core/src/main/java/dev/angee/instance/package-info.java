/** The front door: {@link dev.angee.instance.Angee} opens a root and hands out everything else. */
@org.jspecify.annotations.NullMarked
package dev.angee.instance;

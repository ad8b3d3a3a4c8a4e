/** What every part of Angee shares: how failures are reported, and the two runtimes a workload can have. */
@org.jspecify.annotations.NullMarked
package dev.angee;

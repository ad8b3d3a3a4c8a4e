/** What is the same in a manifest and in a plan: plain values that say how a service or job runs. */
@org.jspecify.annotations.NullMarked
package dev.angee.workload;

/**
 * The runtime plan: plain values that say, finally and printably, what is to run. All a backend needs to know.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.plan;

/** The edge: what makes routed services reachable from outside, as a change of the plan. */
@org.jspecify.annotations.NullMarked
package dev.angee.ingress;

/** Secrets that are made with a workspace or a service, and go with it. */
@org.jspecify.annotations.NullMarked
package dev.angee.internal.owned;

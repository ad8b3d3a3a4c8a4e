/** Mount URIs such as {@code source://app/pkg:/src:ro}, and how they become confined host paths. */
@org.jspecify.annotations.NullMarked
package dev.angee.mount;

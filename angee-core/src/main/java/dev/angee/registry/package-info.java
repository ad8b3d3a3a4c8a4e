/** Templates in git repositories, read from caches that are fetched when somebody says so. */
@org.jspecify.annotations.NullMarked
package dev.angee.registry;

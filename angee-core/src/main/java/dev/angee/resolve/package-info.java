/** Where all looking-up happens: what a manifest names becomes paths and values. */
@org.jspecify.annotations.NullMarked
package dev.angee.resolve;

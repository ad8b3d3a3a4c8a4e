/** Coding agents: services that write code by themselves, and what is taken from them for safety. */
@org.jspecify.annotations.NullMarked
package dev.angee.agent;

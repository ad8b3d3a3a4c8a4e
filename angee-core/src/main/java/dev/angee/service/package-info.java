/**
 * The services of a root as things that are declared, changed and taken away: field by field, or from a template whose later
 * versions they can follow without losing what people changed. {@link dev.angee.service.Services} starts and stops nothing but
 * what it destroys; that is the stack's.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.service;

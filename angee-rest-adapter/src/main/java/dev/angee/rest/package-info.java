/**
 * HTTP for one instance. {@link dev.angee.rest.RestAdapter} turns a request into a call of the core and its result into
 * a response; {@link dev.angee.rest.RestServer} puts it on a port.
 */
@org.jspecify.annotations.NullMarked
package dev.angee.rest;

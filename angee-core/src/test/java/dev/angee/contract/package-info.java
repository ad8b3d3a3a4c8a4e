/**
 * The contracts of core's seams as tests, and an in-memory backend that passes them. Shipped in the {@code tests} jar,
 * for our implementations and for those of others: extend a contract, say how to open yours, run it.
 */
package dev.angee.contract;

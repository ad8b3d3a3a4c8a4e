/** Ports: pools to lease from, and one ledger per user that keeps the leases of all roots of a machine apart. */
@org.jspecify.annotations.NullMarked
package dev.angee.port;

/** Tests of the local runtime. */
package dev.angee.process;

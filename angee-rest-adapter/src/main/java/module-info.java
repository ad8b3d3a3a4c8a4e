/**
 * Serves one instance over HTTP: plain handlers that know no server, and a binding to the server of the JDK.
 */
module dev.angee.rest {
    requires transitive dev.angee.core;
    requires com.fasterxml.jackson.databind;
    requires jdk.httpserver;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.angee.rest;

    opens dev.angee.rest to
            com.fasterxml.jackson.databind;
}

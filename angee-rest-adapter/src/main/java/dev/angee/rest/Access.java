package dev.angee.rest;

/** What a route asks of its caller. */
enum Access {
    /** Nothing. */
    OPEN,
    /** The token, if there is one. */
    TOKEN
}

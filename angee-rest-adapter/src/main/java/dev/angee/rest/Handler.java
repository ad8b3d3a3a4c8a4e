package dev.angee.rest;

/** Answers the calls of one route: reads what is given, calls the core once, says what came of it. */
@FunctionalInterface
interface Handler {
    Response handle(Call call) throws InterruptedException;
}

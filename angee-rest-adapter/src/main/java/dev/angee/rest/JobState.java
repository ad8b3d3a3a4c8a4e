package dev.angee.rest;

/** A job, as it is sent. */
record JobState(String name, String runtime) {}

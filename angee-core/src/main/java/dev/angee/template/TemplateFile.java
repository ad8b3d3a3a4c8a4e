package dev.angee.template;

/**
 * One file of a template, before or after rendering.
 *
 * @param path relative to the template or to where it is rendered, with forward slashes
 * @param content the bytes; not to be changed
 * @param executable whether the file may be executed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy of every file's bytes would buy nothing
public record TemplateFile(String path, byte[] content, boolean executable) {}

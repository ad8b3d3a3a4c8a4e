package dev.angee.render;

/**
 * One template of a rendering.
 *
 * @param name what it is called among the layers: {@code workspace}, {@code chain-0}…
 * @param template the template's name, with the pin that it was asked for by
 * @param destination the folder that it is rendered to, relative to the target; {@code .} for the target itself
 * @param answersFile where what it was told is kept, relative to the target
 */
public record RenderLayer(String name, String template, String destination, String answersFile) {}

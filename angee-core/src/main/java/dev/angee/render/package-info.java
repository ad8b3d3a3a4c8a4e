/**
 * Brings folders to what their templates render now, without losing what people changed in them: a {@link
 * dev.angee.render.Rendering} is compared with the last one and with what is on disk, which gives a {@link
 * dev.angee.render.RenderPlan}; the {@link dev.angee.render.Reconciler} carries that out.
 */
package dev.angee.render;

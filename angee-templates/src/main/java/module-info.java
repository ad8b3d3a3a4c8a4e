/** FreeMarker as a template engine for Angee, and the templates that ship with it. */
module dev.angee.templates {
    requires transitive dev.angee.core;
    requires freemarker;
    // FreeMarker's syntax tree is a javax.swing.tree.TreeNode, and its dates fail without java.sql.Timestamp. Being an
    // automatic module it cannot ask for the two itself.
    requires java.desktop;
    requires java.sql;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    exports dev.angee.templates;

    provides dev.angee.template.TemplateRenderer with
            dev.angee.templates.FreeMarkerRenderer,
            dev.angee.templates.JinjaRenderer;
    provides dev.angee.template.TemplateLibrary with
            dev.angee.templates.BundledTemplates;
}

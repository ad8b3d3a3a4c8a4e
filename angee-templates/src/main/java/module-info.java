/** FreeMarker as a template engine for Angee, and the templates that ship with it. */
module dev.angee.templates {
    requires transitive dev.angee.core;
    requires freemarker;
    // FreeMarker's syntax tree is a javax.swing.tree.TreeNode and its values know java.sql.Date. Being an automatic
    // module it cannot ask for these two itself, and without them it does not load on the module path.
    requires java.desktop;
    requires java.sql;
    requires static org.jspecify;

    exports dev.angee.templates;

    provides dev.angee.template.TemplateRenderer with
            dev.angee.templates.FreeMarkerRenderer;
    provides dev.angee.template.TemplateLibrary with
            dev.angee.templates.BundledTemplates;
}

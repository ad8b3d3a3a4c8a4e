package dev.angee.service;

import dev.angee.port.PortLedger;
import dev.angee.resolve.StackLayout;
import dev.angee.stack.Stacks;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;
import dev.angee.workspace.Workspaces;

/**
 * What services are made with.
 *
 * @param layout the root's files and folders
 * @param workspaces the workspaces that services work with
 * @param catalog finds templates
 * @param engine renders them
 * @param ledger leases ports
 * @param stacks the open stacks
 */
public record ServiceContext(
        StackLayout layout,
        Workspaces workspaces,
        TemplateCatalog catalog,
        TemplateEngine engine,
        PortLedger ledger,
        Stacks stacks) {}

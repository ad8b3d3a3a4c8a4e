package dev.angee.workspace;

import dev.angee.operation.Journal;
import dev.angee.port.PortLedger;
import dev.angee.resolve.StackLayout;
import dev.angee.source.CredentialSource;
import dev.angee.source.SourceControl;
import dev.angee.stack.Stacks;
import dev.angee.template.TemplateCatalog;
import dev.angee.template.TemplateEngine;

/**
 * What workspaces are made with.
 *
 * @param layout the root's files and folders
 * @param sourceControl clones, and makes worktrees
 * @param credentials knows what remotes are shown
 * @param catalog finds templates
 * @param engine renders them
 * @param ledger leases ports
 * @param journal remembers what was begun
 * @param stacks the open stacks
 */
public record WorkspaceContext(
        StackLayout layout,
        SourceControl sourceControl,
        CredentialSource credentials,
        TemplateCatalog catalog,
        TemplateEngine engine,
        PortLedger ledger,
        Journal journal,
        Stacks stacks) {}

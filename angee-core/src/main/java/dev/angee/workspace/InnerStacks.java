package dev.angee.workspace;

import dev.angee.secret.SecretLender;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.stack.Stack;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The inner stacks of workspaces. One is lent the secrets that its workspace's templates asked for and the root has: no copy of them
 * lies in the workspace, and a value that is set anew counts from the next start on.
 */
final class InnerStacks {
    private final WorkspaceContext context;

    InnerStacks(WorkspaceContext context) {
        this.context = context;
    }

    Stack get(String workspace, Path root) {
        return context.stacks().get(root, new Lender(workspace));
    }

    void close(Path root) {
        context.stacks().close(root);
    }

    /** What the record of a workspace says, which nobody in it can write. */
    private final class Lender implements SecretLender {
        private final String workspace;

        Lender(String workspace) {
            this.workspace = workspace;
        }

        @Override
        public Set<SecretName> names() {
            Set<SecretName> names = new TreeSet<>();
            new WorkspaceStore(context.layout())
                    .read(workspace)
                    .ifPresent(record -> record.lent().forEach(name -> names.add(new SecretName(name))));
            return names;
        }

        @Override
        public Optional<SecretValue> find(SecretName name) {
            return names().contains(name) ? new WorkspaceSecrets(context).find(name) : Optional.empty();
        }
    }
}

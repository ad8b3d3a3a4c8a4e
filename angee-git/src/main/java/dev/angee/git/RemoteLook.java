package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.GitUrl;
import dev.angee.source.RemoteProbe;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.FetchConnection;

/** Looks at a remote without a cache. */
final class RemoteLook {
    private final GitUrl url;
    private final RemoteSession session;

    RemoteLook(GitUrl url, Credentials credentials) {
        this.url = url;
        this.session = new RemoteSession(url, credentials);
    }

    RemoteProbe probe() throws IOException {
        if (session.isLocal()) {
            return local();
        }
        try {
            return session.open(null, transport -> {
                try (FetchConnection connection = transport.openFetch()) {
                    return reached(connection.getRefs());
                }
            });
        } catch (NotSupportedException e) {
            throw new AngeeException(ErrorCode.UNSUPPORTED, "'" + url + "': " + e.getMessage(), e);
        } catch (TransportException e) {
            return session.why(e);
        }
    }

    /** Reads the repository itself; JGit's transport would open it with what may run programs. */
    private RemoteProbe local() throws IOException {
        File folder = FileKey.resolve(new File(session.uri().getPath()), InertFileSystem.INSTANCE);
        if (folder == null) {
            return new RemoteProbe.NoAccess(
                    "there is no repository in '" + session.uri().getPath() + "'");
        }
        RepositoryFormat.checkRemote(folder.toPath());
        try (Repository remote = new FileRepositoryBuilder()
                .setFS(InertFileSystem.INSTANCE)
                .setGitDir(folder)
                .build()) {
            List<Ref> refs = new ArrayList<>(remote.getRefDatabase().getRefsByPrefix(Constants.R_HEADS));
            Optional.ofNullable(remote.exactRef(Constants.HEAD)).ifPresent(refs::add);
            return reached(refs);
        }
    }

    private static RemoteProbe reached(Collection<Ref> refs) {
        Map<BranchName, CommitId> branches = new HashMap<>();
        for (Ref ref : refs) {
            if (ref.getName().startsWith(Constants.R_HEADS) && ref.getObjectId() != null) {
                RemoteRefs.branch(ref.getName().substring(Constants.R_HEADS.length()))
                        .ifPresent(branch -> branches.put(branch, RemoteRefs.id(ref.getObjectId())));
            }
        }
        Optional<BranchName> head = RemoteRefs.branchAtHead(refs)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .flatMap(name -> RemoteRefs.branch(name.substring(Constants.R_HEADS.length())))
                .filter(branches::containsKey);
        return new RemoteProbe.Reached(head, branches);
    }
}

package dev.angee.git;

import dev.angee.source.Credentials;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** What JGit shows a remote: a name and a password, to the server that they are for, once. Nobody is ever asked. */
final class ShownCredentials extends CredentialsProvider {
    private final URIish remote;
    private final Credentials credentials;
    private volatile boolean refused;

    ShownCredentials(URIish remote, Credentials credentials) {
        this.remote = remote;
        this.credentials = credentials;
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public boolean supports(CredentialItem... items) {
        for (CredentialItem item : items) {
            if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                return false;
            }
        }
        return credentials instanceof Credentials.Password;
    }

    @Override
    public boolean get(URIish uri, CredentialItem... items) throws UnsupportedCredentialItem {
        boolean overHttp = String.valueOf(uri.getScheme()).startsWith("http");
        if (refused || !overHttp || !supports(items) || !HttpWatch.isSameServer(remote, uri)) {
            return false;
        }
        if (credentials instanceof Credentials.Password shown) {
            for (CredentialItem item : items) {
                if (item instanceof CredentialItem.Username user) {
                    user.setValue(shown.user());
                } else if (item instanceof CredentialItem.Password password) {
                    password.setValue(shown.password().reveal().toCharArray());
                }
            }
        }
        return true;
    }

    @Override
    public void reset(URIish uri) {
        refused = true;
    }
}

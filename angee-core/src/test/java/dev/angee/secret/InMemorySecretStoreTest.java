package dev.angee.secret;

import dev.angee.contract.InMemorySecretStore;
import dev.angee.contract.SecretStoreContract;

class InMemorySecretStoreTest extends SecretStoreContract {
    private final SecretStore store = new InMemorySecretStore();

    @Override
    protected SecretStore store() {
        return store;
    }
}

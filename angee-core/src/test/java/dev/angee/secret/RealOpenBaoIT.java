package dev.angee.secret;

import dev.angee.contract.SecretStoreContract;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract against a server of your own: {@code ANGEE_TEST_OPENBAO} has its address, {@code OPENBAO_TOKEN} a token that
 * may write below {@code secret/angee-test}.
 */
@EnabledIfEnvironmentVariable(named = "ANGEE_TEST_OPENBAO", matches = "http.*")
class RealOpenBaoIT extends SecretStoreContract {
    private final String path = "angee-test/" + UUID.randomUUID();

    @Override
    protected SecretStore store() {
        return OpenBaoStore.at(
                OpenBaoSettings.of(Map.of("address", "${ANGEE_TEST_OPENBAO}", "path", path), System.getenv()));
    }
}

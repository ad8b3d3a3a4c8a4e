# Secrets, and what Angee keeps here for itself.
/.env
/run/

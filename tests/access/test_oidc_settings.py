"""The provider's settings: what is missing or malformed is said in a sentence each, and nothing secret in any."""

from __future__ import annotations

import pytest

from ceoc.access.oidc.config import Config, read
from ceoc.env import Environment, SettingsError

GIVEN = {
    "OIDC_ISSUER": "https://id.example/",
    "OIDC_CLIENT_ID": "ceoc",
    "OIDC_CLIENT_SECRET": "very secret indeed",
    "OIDC_GROUPS": "support-engineers=engineer, support-managers=manager",
}
WRITTEN_OUT = {
    "OIDC_AUTHORIZATION_URL": "https://id.example/authorize",
    "OIDC_TOKEN_URL": "https://id.example/token",
    "OIDC_JWKS_URL": "https://id.example/keys",
}


def config(**other: str) -> Config | None:
    variables = {name: value for name, value in (GIVEN | other).items() if value}
    env = Environment(variables)
    found = read(env, variables)
    env.check()
    return found


def test_without_any_there_is_no_provider() -> None:
    env = Environment({"PATH": "/usr/bin", "OIDC_ISSUER": " "})

    assert read(env, {"PATH": "/usr/bin", "OIDC_ISSUER": " "}) is None
    env.check()


def test_the_least_that_is_needed() -> None:
    found = config()

    assert found is not None
    assert (found.issuer, found.client_id, found.secret()) == ("https://id.example", "ceoc", "very secret indeed")
    assert found.roles == {"support-engineers": "engineer", "support-managers": "manager"}
    assert (found.scopes, found.group_claim, found.us_gov_group) == ("openid email profile", "groups", "")
    assert (found.algorithm, found.endpoints, found.by) == ("RS256", None, "provider id.example")


def test_the_secret_may_lie_in_a_file(tmp_path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    found = config(OIDC_CLIENT_SECRET="", OIDC_CLIENT_SECRET_FILE=str(tmp_path / "secret"))

    assert found is not None
    assert found.secret() == "from a file"


def test_endpoints_that_are_written_out() -> None:
    found = config(**WRITTEN_OUT)

    assert found is not None
    assert found.endpoints is not None
    assert (found.endpoints.token, found.endpoints.userinfo) == ("https://id.example/token", "")


def test_names_with_commas_and_equals_signs() -> None:
    found = config(OIDC_GROUPS='{"cn=engineers,ou=support": "engineer"}')
    assert found is not None
    assert found.roles == {"cn=engineers,ou=support": "engineer"}

    found = config(OIDC_GROUPS="cn=engineers=engineer")
    assert found is not None
    assert found.roles == {"cn=engineers": "engineer"}


def test_this_machine_may_be_reached_without_tls() -> None:
    assert config(OIDC_ISSUER="http://127.0.0.1:9400") is not None


@pytest.mark.parametrize(
    ("other", "says"),
    [
        pytest.param({"OIDC_ISSUER": ""}, "OIDC_ISSUER (the identity provider's issuer) is not set", id="no issuer"),
        pytest.param({"OIDC_ISSUER": "id.example"}, "OIDC_ISSUER", id="an issuer that is no address"),
        pytest.param({"OIDC_ISSUER": "http://id.example"}, "Use https://; secrets travel there", id="in the clear"),
        pytest.param({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID", id="no client id"),
        pytest.param({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET_FILE to the path of a file", id="no secret"),
        pytest.param(
            {"OIDC_GROUPS": ""}, "OIDC_GROUPS (which of the provider's groups has which role)", id="no groups"
        ),
        pytest.param({"OIDC_GROUPS": "support-engineers"}, "it has no group=role", id="a group without a role"),
        pytest.param({"OIDC_GROUPS": "{broken"}, "it has no group=role", id="broken JSON"),
        pytest.param({"OIDC_GROUPS": '{"a": ["engineer"]}'}, "it has no group=role", id="JSON of another shape"),
        pytest.param({"OIDC_GROUPS": "a=boss"}, "it has a=boss. The roles are administrator,", id="an unknown role"),
        pytest.param({"OIDC_GROUPS": "a=none"}, "it has a=none", id="none is no group's role"),
        pytest.param({"OIDC_SCOPES": "email profile"}, "openid is missing", id="scopes without openid"),
        pytest.param({"OIDC_SIGNING_ALGORITHM": "HS256"}, "Use one of: RS256", id="a shared secret as a signature"),
        pytest.param({"OIDC_SIGNING_ALGORITHM": "none"}, "Use one of: RS256", id="no signature"),
        pytest.param({"OIDC_TOKEN_URL": "https://id.example/t"}, "OIDC_JWKS_URL", id="endpoints in part"),
        pytest.param(
            WRITTEN_OUT | {"OIDC_JWKS_URL": "http://id.example/k"}, "OIDC_JWKS_URL", id="an endpoint in the clear"
        ),
        pytest.param({"OIDC_GROUP": "x"}, "OIDC_GROUP is no setting of the dashboard", id="a slip of the pen"),
    ],
)
def test_what_stops_the_start(other: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as raised:
        config(**other)

    assert says in str(raised.value)
    assert "very secret indeed" not in str(raised.value)

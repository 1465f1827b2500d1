from cdk8s import ApiObject, ApiObjectMetadata, Chart, JsonPatch
from constructs import Construct


class StrictMtls(Chart):
    """Workloads take mutual TLS alone: an ordinary cdk8s chart, which knows nothing of meshes."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        policy = ApiObject(
            self,
            "PeerAuthentication",
            api_version="security.istio.io/v1",
            kind="PeerAuthentication",
            # In Istio's own namespace it holds for all of them.
            metadata=ApiObjectMetadata(name="default", namespace="istio-system"),
        )
        # ApiObject takes no other fields in Python; `cdk8s import` makes classes that do.
        policy.add_json_patch(JsonPatch.add("/spec", {"mtls": {"mode": "STRICT"}}))

from cdk8s import JsonPatch
from cdk8s_istio_mesh import ClusterProps, Mesh, MeshApp, istio

from strict_mtls import StrictMtls

app = MeshApp()

mesh = Mesh(
    app,
    "mesh1",
    mesh_id="mesh1",
    istio_version="1.31.0",

    # Shared by all clusters. In Python, field names have underscores (`exclude_ip_ranges`), and a Python keyword has a
    # trailing underscore (`global_`). The manifests have Istio's spelling (`excludeIPRanges`).
    values=istio.IstioOperatorSpecValues(
        global_=istio.IstioOperatorSpecValuesGlobal(
            # Bypass the sidecar for the cloud's metadata service.
            proxy=istio.IstioOperatorSpecValuesGlobalProxy(exclude_ip_ranges="169.254.169.254/32"),
        ),
        pilot=istio.IstioOperatorSpecValuesPilot(autoscale_min=2),
    ),
    mesh_config=istio.IstioOperatorSpecMeshConfig(
        outbound_traffic_policy=istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicy(
            # Block traffic to destinations outside the mesh.
            mode=istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicyMode.REGISTRY_ONLY,
        ),
    ),

    acknowledge={"IM049": "a firewall before the gateways admits only the other clusters"},

    clusters=[
        ClusterProps(name="cluster1", network="network1", api_server="https://cluster1.example.com:6443"),
        ClusterProps(name="cluster2", network="network2", api_server="https://cluster2.example.com:6443"),
        ClusterProps(
            name="cluster3",
            network="network2",
            api_server="https://cluster3.example.com:6443",
            # A small cluster; it inherits all other settings from the mesh.
            values=istio.IstioOperatorSpecValues(pilot=istio.IstioOperatorSpecValuesPilot(autoscale_min=1)),
        ),
    ],
)

# istiod reads policies only from its own cluster, so each cluster needs the same policy.
for cluster in mesh.clusters:
    StrictMtls(cluster, "strict-mtls")

# Patch a field that has no property. The gateway of cluster1 is the only entry to network1, so a rolling update must
# not reduce the number of its pods.
mesh.cluster("cluster1").east_west_gateway.installation.add_json_patch(
    JsonPatch.add("/spec/components/ingressGateways/0/k8s/strategy", {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}),
)

app.synth()

from cdk8s import JsonPatch
from cdk8s_istio_mesh import ClusterProps, Mesh, MeshApp, istio

from strict_mtls import StrictMtls

app = MeshApp()

mesh = Mesh(
    app,
    "mesh1",
    mesh_id="mesh1",
    istio_version="1.31.0",

    # Said once for all clusters. In Python each field is spelled with underscores (`exclude_ip_ranges`), and a word of the language gets one
    # at its end (`global_`); in the manifests it has Istio's own spelling (`excludeIPRanges`).
    values=istio.IstioOperatorSpecValues(
        global_=istio.IstioOperatorSpecValuesGlobal(
            proxy=istio.IstioOperatorSpecValuesGlobalProxy(exclude_ip_ranges="169.254.169.254/32"),  # the cloud's metadata service, past the sidecar
        ),
        pilot=istio.IstioOperatorSpecValuesPilot(autoscale_min=2),
    ),
    mesh_config=istio.IstioOperatorSpecMeshConfig(
        outbound_traffic_policy=istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicy(
            mode=istio.IstioOperatorSpecMeshConfigOutboundTrafficPolicyMode.REGISTRY_ONLY,  # nothing outside the mesh
        ),
    ),

    acknowledge={"IM049": "a firewall before the gateways admits the other clusters alone"},

    clusters=[
        ClusterProps(name="cluster1", network="network1", api_server="https://cluster1.example.com:6443"),
        ClusterProps(name="cluster2", network="network2", api_server="https://cluster2.example.com:6443"),
        ClusterProps(
            name="cluster3",
            network="network2",
            api_server="https://cluster3.example.com:6443",
            # A small cluster; everything else stays as the mesh has it.
            values=istio.IstioOperatorSpecValues(pilot=istio.IstioOperatorSpecValuesPilot(autoscale_min=1)),
        ),
    ],
)

# istiod reads policies from its own cluster alone, so that each cluster needs the same one.
for cluster in mesh.clusters:
    StrictMtls(cluster, "strict-mtls")

# What no property says can be patched. The gateway of cluster1 is the one way into network1, so that an update must not shrink it.
mesh.cluster("cluster1").east_west_gateway.installation.add_json_patch(
    JsonPatch.add("/spec/components/ingressGateways/0/k8s/strategy", {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}),
)

app.synth()

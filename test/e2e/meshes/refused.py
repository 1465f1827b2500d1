from cdk8s_istio_mesh import ClusterProps, Mesh, MeshApp, RemoteCredentials, SecretValue

# A mesh with two mistakes, and a token that nobody may read in what is said of them.
Mesh(
    MeshApp(),
    "mesh1",
    mesh_id="mesh1",
    istio_version="1.31.0",
    remote_credentials=RemoteCredentials.plain_token(SecretValue.unsafe_plain_text("t0ken-of-cluster1")),
    clusters=[ClusterProps(name="cluster1", network="network1", api_server="http://10.0.0.1", peers=["cluster9"])],
)

/**
 * The requirements of multi-primary Istio, and how this library enforces each of them.
 *
 * Rules enforce it, or no definition can violate it, which a test shows, or it needs a feature that does not exist yet.
 */
export const CONSTRAINTS: ReadonlyArray<readonly [constraint: string, enforcedBy: string]> = [
  ['the name of a cluster is a lower-case DNS label', 'IM004, IM112'],
  ['cluster names are unique', 'IM005'],
  [
    'a control plane has the name of its cluster instead of the default of the chart',
    'cannot be violated: a cluster has a name (test "a cluster takes every setting of the mesh, and its name"), and '
      + 'IM015 rejects a second one; for manifests IM111',
  ],
  [
    'clusters of a mesh have the same meshID',
    'cannot be violated: a mesh has one, and IM015 rejects it elsewhere (test "%s is set by the library"); IM002; for '
      + 'manifests IM113',
  ],
  ['trust domains are the same, or aliases of each other', 'IM020'],
  ['a trust domain is a domain name, and the mesh config has known keys', 'IM016, IM001; for manifests IM124, IM115'],
  ['a network is a valid label value', 'IM006, IM112'],
  ['a gateway serves the network of its cluster', 'IM051; for manifests IM151, IM152'],
  [
    'each network that another network reaches has a gateway, and each cluster with a gateway exposes services',
    'IM052; for manifests IM165',
  ],
  ['a single network needs no gateway', 'IM053'],
  [
    'the namespace of istiod has the label of its network',
    'cannot be violated: the Namespace is always generated with the label (test "three names give the namespace with '
      + 'its network label and the IstioOperator of Istio\'s guide, named"); for manifests IM171',
  ],
  ['all clusters have a network, or none has', 'IM006'],
  [
    'each cluster has a remote secret for each peer',
    'cannot be violated: clusters that list each other are linked (IM038), and each has an API server (IM030); IM071 '
      + 'for files instead of Secrets',
  ],
  ['no remote secret points to the cluster that it is in', 'IM038; for manifests IM134'],
  [
    'a remote secret is in the namespace of istiod',
    'cannot be violated in a mesh (test "another namespace is that of the Secret"); for manifests IM132',
  ],
  [
    'the label istio/multiCluster is the string "true"',
    'cannot be violated in a mesh (test "the Secret is that of istioctl create-remote-secret"); for manifests IM107, '
      + 'IM131',
  ],
  [
    'the key of a remote secret is the name of the cluster',
    'cannot be violated in a mesh (test "the Secret is that of istioctl create-remote-secret"); for manifests IM133',
  ],
  ['the name of a remote secret is valid in Kubernetes', 'IM004; for manifests IM108'],
  ['only one remote secret points to a cluster', 'IM005, IM075; for manifests IM135'],
  ['an API server is an https URL that other clusters can reach', 'IM031, IM034, IM094; for manifests IM137, IM140'],
  [
    'a kubeconfig has credentials that istiod accepts',
    'IM070, IM072, IM073, IM077: unsafe credentials have explicit names, and istiod gets the option that allows them '
      + '(test "programs and files are allowed on exactly the istiods that read such a cluster"); for manifests IM141, '
      + 'IM142',
  ],
  ['a kubeconfig is complete, and contains a CA', 'IM032, IM036; for manifests IM136, IM138, IM139'],
  [
    'a Gateway selects the pods of the gateway',
    'cannot be violated in a mesh: ExposedServices uses the labels of its gateway; for manifests IM161',
  ],
  ['the port of the Gateway is a port of the gateway\'s Service', 'IM041; for manifests IM153, IM162'],
  ['exposed hosts match services of the cluster domain', 'IM060; for manifests IM164'],
  ['clusters have the same cluster domain', 'IM021'],
  [
    'a revision is a DNS label without dots, and that of the gateway is installed',
    'IM010, IM054; for manifests IM119, IM120',
  ],
  ['a revision tag does not have the name of a revision', 'IM088'],
  [
    'IstioOperators of a cluster have different names',
    'cannot be violated in a mesh: this library names them; for manifests IM117',
  ],
  [
    'a file contains only one IstioOperator',
    'cannot be violated in a mesh: each has its own file; for manifests IM118',
  ],
  ['an IstioOperator has known keys', 'IM001; for manifests IM114, IM115'],
  ['target ports are 1024 or higher', 'IM043; for manifests IM122'],
  ['port names are valid in Kubernetes', 'IM042; for manifests IM158'],
  [
    'the Secrets cacerts are complete and have the same root',
    'PEM files IM023, IM024, IM025, IM026, IM027, IM028, IM029; each Secret in manifests IM181, IM182, IM183, IM184, '
      + 'IM185, IM186',
  ],
  [
    'the generated manifests contain no key or token, unless the definition requests it',
    'cannot be violated by accident: such credentials have explicit names (test "a token is only in the '
      + 'remote Secrets"); for manifests IM145',
  ],
  ['versions of clusters are close, and new enough', 'IM008, IM009'],
  [
    'the objects of the Sail operator have supported versions and valid names',
    'IM090, values IM093; the names cannot be violated (test "with %s, the object and the revision have Sail\'s '
      + 'names")',
  ],
  ['ambient meshes have their flags', 'needs ambient mode, whose profile IM013 rejects'],
  ['istio-csr has the name of the cluster', 'needs a Trust provider'],
  ['istiod accepts exportTo and cluster-local hosts', 'IM017, IM018; for manifests IM124, IM193'],
  ['a gateway has an address', 'IM044; for manifests IM154'],
  [
    'the namespace of a gateway allows injection',
    'cannot be violated in a mesh: it is the namespace of istiod, whose labels this library sets; for manifests IM172',
  ],
  ['names that contain revisions and gateway names are short enough', 'IM010, IM040, IM086; for manifests IM108'],
  ['the injection path of a remote cluster is escaped', 'needs clusters without their own control plane'],
  [
    'the gateway chart has known values',
    'cannot be violated: settings are typed, and IM095 rejects settings that the chart does not support (test "every '
      + 'setting of the gateway is a value of the gateway chart")',
  ],
  ['strings that look like numbers or booleans are in quotes', 'IM001; for manifests IM107, IM116'],
  ['values have the spelling of the charts', 'IM001; for manifests IM114'],
  [
    'control plane and gateway are IstioOperators with different names and the same revision',
    'IM054, IM055; for manifests IM117, IM120',
  ],
];

/** Label with the network of a namespace, a gateway or a pod. */
export const NETWORK_LABEL = 'topology.istio.io/network';

/** Label with the revision that injects the pods of a namespace, or that belongs to an object of Istio. */
export const REVISION_LABEL = 'istio.io/rev';

/** Label that enables injection by the revision `default` in a namespace. */
export const INJECTION_LABEL = 'istio-injection';

/** Annotation of a Service of type NodePort: the labels of the nodes whose addresses istiod uses. */
export const NODE_SELECTOR = 'traffic.istio.io/nodeSelector';

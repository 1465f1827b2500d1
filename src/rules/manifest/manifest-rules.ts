import { CACERTS_RULES } from './cacerts-rules';
import { CREDENTIAL_RULES } from './credential-rules';
import { EXPOSURE_RULES } from './exposure-rules';
import { FILE_RULES } from './file-rules';
import { GATEWAY_NETWORK_RULES } from './gateway-network-rules';
import { GATEWAY_SERVICE_RULES } from './gateway-service-rules';
import { INSTALLATION_RULES } from './installation-rules';
import { KUBECONFIG_RULES } from './kubeconfig-rules';
import type { ClusterManifests } from './manifests';
import { NAMESPACE_RULES } from './namespace-rules';
import { OBJECT_RULES } from './object-rules';
import { OPERATOR_RULES } from './operator-rules';
import { REMOTE_SECRET_RULES } from './remote-secret-rules';
import { TRAFFIC_RULES } from './traffic-rules';
import type { Rules } from '../../core/rule';

/**
 * Rules for the manifests of one cluster, whichever tool generated them, sorted by code.
 *
 * The path of a violation starts with the index of a manifest.
 */
export const MANIFEST_RULES: Rules<ClusterManifests> = [
  ...FILE_RULES,
  ...OBJECT_RULES,
  ...INSTALLATION_RULES,
  ...OPERATOR_RULES,
  ...REMOTE_SECRET_RULES,
  ...KUBECONFIG_RULES,
  ...CREDENTIAL_RULES,
  ...GATEWAY_NETWORK_RULES,
  ...GATEWAY_SERVICE_RULES,
  ...EXPOSURE_RULES,
  ...NAMESPACE_RULES,
  ...CACERTS_RULES,
  ...TRAFFIC_RULES,
].sort((a, b) => a.code < b.code ? -1 : 1);

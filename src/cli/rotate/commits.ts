import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel } from '../../definition/mesh-model';
import { otherSlot, TokenSlot } from '../../settings/reader-options';
import { usesReaderToken } from '../../settings/remote-credentials/credential-delivery';
import { isLinked, LINKS_DIRECTORY, writesLinkFiles } from '../../settings/remote-credentials/links';
import { kubectlCommand } from '../clusters/kubectl';

/** Instructions to rotate the token of a cluster by commits, for credentials that are selected in committed files. */
export function commitsFor(cluster: ClusterModel): string[] {
  const { name, reader, remoteCredentials } = cluster;
  if (!usesReaderToken(remoteCredentials)) {
    return [`the peers of '${name}' do not use its reader service accounts; `
      + 'rotate its credentials where they are created'];
  }
  const old = reader.activeToken ?? TokenSlot.BLUE;
  return [
    `committed files select the token of '${name}', so rotate it with commits:`,
    `1. set reader: {activeToken: ${otherSlot(old)}} for '${name}', ${generate(cluster)}, and commit the result; `
      + 'wait until all peers use the new token, and istio-mesh verify reports no failed checks',
    `2. revoke the old token: ${kubectlCommand(cluster, `delete serviceaccount ${IstioReader.accountName(old)}`)}; `
      + 'applying 00-namespace again creates a new account and Secret',
  ];
}

function generate(cluster: ClusterModel): string {
  if (isLinked(cluster)) {
    const directories = cluster.peers.filter(writesLinkFiles).map(peer => `${LINKS_DIRECTORY}/${peer.name}`);
    return `run synth and then istio-mesh link, which changes ${directories.join(', ')}`;
  }
  const isInTree = cluster.remoteCredentials._delivery.kind === 'tree';
  return `run synth${isInTree ? ' with that token' : ''}`;
}

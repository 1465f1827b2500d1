import { accessSync, constants } from 'fs';
import { delimiter, join } from 'path';

/** The programs that the suite takes from the machine, each with the Debian package that has it. */
const PROGRAMS: { readonly [program: string]: string } = {
  'ip': 'iproute2',
  'iptables-restore': 'iptables',
  'mount': 'mount',
  'nsenter': 'util-linux',
  'setpriv': 'util-linux',
  'sysctl': 'procps',
  'unshare': 'util-linux',
};

/** Why the suite can't run on this machine; empty when it can. */
export function obstacles(): readonly string[] {
  if (process.platform !== 'linux') {
    return [`pods are network namespaces, which Linux has and ${process.platform} has not`];
  }
  const missing = Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program));
  return [
    ...process.getuid!() === 0 ? [] : ['only root may make network namespaces; run it as root'],
    ...missing.map(([program, pack]) => `there is no program '${program}'; Debian has it in the package ${pack}`),
  ];
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What the command line says; what it leaves out is asked, or taken from the defaults. */
export interface InitOptions {
  readonly meshId?: string;
  readonly context?: readonly string[];
  readonly cluster?: readonly string[];
  readonly apiServer?: readonly string[];
  readonly network?: readonly string[];
  readonly istioVersion?: string;
  readonly installer?: string;
  readonly trust?: string;
  readonly gitOps?: string;
  readonly repoUrl?: string;
  readonly format?: string;
  readonly yes?: boolean;
}

/** What the command line says; what it leaves out is asked, or taken from the defaults. */
export interface InitOptions {
  readonly meshId?: string;
  /** Contexts of the clusters that a mesh is read from; `true` where they are to be asked for. */
  readonly fromContexts?: readonly string[] | true;
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

/** The command line options; init asks for those that are not set, or uses their defaults. */
export interface InitOptions {
  readonly meshId?: string;
  /** Contexts of the clusters whose running mesh is read; `true` if the option is used without a value. */
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

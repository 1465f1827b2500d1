/** An expression that readers stumbled over, and what to write instead. */
export interface AvoidedWord {
  readonly expression: RegExp;
  readonly instead: string;
}

/** The word list of the language guide; each is plain English in another sense, which the expressions leave out. */
export const AVOIDED_WORDS: readonly AvoidedWord[] = [
  {
    expression: /(?<!there )\b(is|are|was|were) no (?!longer\b|more\b|way\b|need\b|drift\b)/i,
    instead: 'is not a valid …; must be …',
  },
  { expression: /\b(tells?|told|telling)\b/i, instead: 'reports, shows, prints, describes' },
  { expression: /\b(says?|said|saying)\b/i, instead: 'is set to, sets, configured; shows, prints' },
  {
    expression: /\b(somebody|nobody|anybody|everybody|whoever|whomever)\b/i,
    instead: 'the name of the component; "anyone" for people',
  },
  { expression: /\b(brings?|brought|bringing)\b/i, instead: 'provides, creates, provisions' },
  {
    expression: /\btakes (no|not|none)\b|\btakes? (a setting|settings|options|values)\b/i, instead: 'accepts, supports',
  },
  { expression: /\b(refuses?|refused|refusing|refusals?)\b/i, instead: 'is rejected, fails validation' },
  {
    expression: /\bwhat (comes out|is right|else)\b/i,
    instead: 'the generated manifests; unchanged resources; other options',
  },
  {
    expression: /\b(stands?|stood) (in|for|at|there|where|beside|below|above|under|on)\b/i,
    instead: 'is, appears, represents',
  },
  { expression: /\bjudg(e|es|ed|ing|ment)\b/i, instead: 'validate, evaluate, check' },
  { expression: /\bmend(s|ed|ing)?\b/i, instead: 'fix, fixed' },
  {
    expression: /\b(begin|begins|began) (a|each|every|the) cluster/i,
    instead: 'prepare; create the namespace and reader accounts',
  },
  { expression: /\blook(s|ed|ing)? (whether|at)\b/i, instead: 'verify, inspect' },
  { expression: /\banew\b/i, instead: 'again' },
  { expression: /\bmeanwhile\b/i, instead: 'while …' },
  { expression: /\bbesides?\b/i, instead: 'in addition to; next to' },
  { expression: /\bbut for\b/i, instead: 'except' },
  { expression: /\bfor ?ever\b/i, instead: 'never changes; stable' },
  { expression: /\b(a|one) (cluster|peer|network|gateway) more\b/i, instead: 'one more cluster; add a cluster' },
  { expression: /\bhears?\b|\bheard\b/i, instead: 'reaches, receives responses from' },
  {
    expression: /\bmade of\b|\b(made )?by hand\b|\b(is|are|was|were|be) made\b/i,
    instead: 'generated from; manually; is created',
  },
  { expression: /(?<!stand-|leaves? \w+ |leave it )\balone\b/i, instead: 'only; by itself' },
  { expression: /\bway out\b/i, instead: 'escape hatch; the external option' },
  { expression: /\bpictures?\b/i, instead: 'diagram' },
  { expression: /\brun[ -]books?\b/i, instead: 'runbook' },
  { expression: /\b(take|takes|taken|taking|took)[ -]over\b(?! \d| the gateways)/i, instead: 'adopt' },
  { expression: /\beach with each\b/i, instead: 'full mesh' },
  { expression: /\bin words\b/i, instead: 'summary in plain language' },
  {
    expression: /(?<!people )\bwho (installs?|applies|apply|reads?|creates?|renders?|reaches)\b/i,
    instead: 'which component …',
  },
];

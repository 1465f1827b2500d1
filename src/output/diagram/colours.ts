/** Colours of the picture, which its style replaces where the reader's page is dark: each is of one kind of thing. */
export const COLOURS = {
  paper: '#fefefe',
  text: '#1f2328',
  muted: '#59636e',
  frame: '#eef2f8',
  frameLine: '#8c98a8',
  box: '#ffffff',
  boxLine: '#57606a',
  /** Of gateways and of links across networks. */
  crossing: '#0b5cad',
  /** Of links within a network. */
  direct: '#1a7f37',
  onColour: '#fffffe',
} as const;

/** The same on a dark page. */
export const DARK: { readonly [colour in keyof typeof COLOURS]: string } = {
  paper: '#0d1117',
  text: '#e6edf3',
  muted: '#9aa4af',
  frame: '#161d27',
  frameLine: '#56616e',
  box: '#0d1117',
  boxLine: '#8b949e',
  crossing: '#3577c8',
  direct: '#2a8c3f',
  onColour: '#ffffff',
};

/** Colours of the diagram, each for one kind of thing, so that the SVG's style can replace them on a dark page. */
export const COLOURS = {
  background: '#fefefe',
  text: '#1f2328',
  muted: '#59636e',
  frame: '#eef2f8',
  frameLine: '#8c98a8',
  box: '#ffffff',
  boxLine: '#57606a',
  /** Gateways, and links across networks. */
  crossing: '#0b5cad',
  /** Links within a network. */
  direct: '#1a7f37',
  /** Text on one of the two colours above. */
  onColour: '#fffffe',
} as const;

/** The replacements on a dark page. */
export const DARK_COLOURS: { readonly [colour in keyof typeof COLOURS]: string } = {
  background: '#0d1117',
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

import { COLOURS, DARK } from './colours';
import { dot } from './dot';
import type { MeshGraph } from './graph';
import { LEGEND, meshGraph } from './graph';
import { escaped } from './tables';
import type { MeshModel } from '../../definition/mesh-model';
import { layout } from '../../util/host/graphviz';

/**
 * Has the picture of a mesh laid out beside what is done meanwhile.
 *
 * @returns what gives the SVG, and waits for it
 * @throws when Graphviz cannot be loaded, or does not answer
 */
export function svg(model: MeshModel): () => string {
  const graph = meshGraph(model);
  const drawn = layout(dot(graph));
  return () => dressed(drawn(), graph);
}

/** Graphviz' SVG without what only Graphviz needs, and with what readers and screen readers do. */
function dressed(drawn: string, { meshID, summary }: MeshGraph): string {
  const [, width, height, viewBox, content] = /<svg width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="([^"]+)"[^>]*>\n([^]*)/.exec(drawn)!;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${pixels(width)}" height="${pixels(height)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">Istio mesh ${escaped(meshID)}</title>`,
    `<desc id="desc">${escaped(summary)}. Dashed lines: ${LEGEND.direct}. Solid lines: ${LEGEND.crossing}.</desc>`,
    `<style>${STYLE}</style>`,
    content.replace(/<!--[^]*?-->\n|<title>[^<]*<\/title>\n| xml:space="preserve"| font-family="Arial"/g, ''),
  ].join('\n');
}

/** A picture is as wide as it is drawn, or as the page. */
const STYLE = `
svg { max-width: 100%; height: auto; }
text { font-family: Arial, Helvetica, "Liberation Sans", sans-serif; white-space: pre; }
@media (prefers-color-scheme: dark) {
${Object.entries(COLOURS).map(([kind, colour]) => {
  const dark = DARK[kind as keyof typeof COLOURS];
  return `  [fill="${colour}"] { fill: ${dark}; } [stroke="${colour}"] { stroke: ${dark}; }`;
}).join('\n')}
}
`;

/** Of points: there are 96 pixels in an inch, and 72 points. */
function pixels(points: string): number {
  return Math.round(Number(points) * 96 / 72);
}

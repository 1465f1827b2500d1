import { meshGraph } from './build-graph';
import { COLOURS, DARK_COLOURS } from './colours';
import { dot } from './dot';
import { type MeshGraph, LEGEND } from './graph';
import { escaped } from './html-labels';
import type { MeshModel } from '../../definition/mesh-model';
import { layout } from '../../util/host/graphviz';

/**
 * Starts to draw a mesh as SVG, in a thread of its own.
 *
 * @returns a function that waits for the SVG; it throws an error if Graphviz cannot be loaded or does not answer
 */
export function svg(model: MeshModel): () => string {
  const graph = meshGraph(model);
  const waitForDrawing = layout(dot(graph));
  return () => finish(waitForDrawing(), graph);
}

/** Adds title, description and style to the SVG of Graphviz, and removes its comments and unused attributes. */
function finish(drawing: string, { meshID, summary }: MeshGraph): string {
  const svgTag = /<svg width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="([^"]+)"[^>]*>\n([^]*)/;
  const [, width, height, viewBox, content] = svgTag.exec(drawing)!;
  const size = `viewBox="${viewBox}" width="${toPixels(width)}" height="${toPixels(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title desc">`,
    `<title id="title">Istio mesh ${escaped(meshID)}</title>`,
    `<desc id="desc">${escaped(summary)}. Dashed lines: ${LEGEND.direct}. Solid lines: ${LEGEND.crossing}.</desc>`,
    `<style>${STYLE}</style>`,
    content.replace(/<!--[^]*?-->\n|<title>[^<]*<\/title>\n| xml:space="preserve"| font-family="Arial"/g, ''),
  ].join('\n');
}

const DARK_STYLE = Object.entries(COLOURS).map(([kind, colour]) => {
  const dark = DARK_COLOURS[kind as keyof typeof COLOURS];
  return `  [fill="${colour}"] { fill: ${dark}; } [stroke="${colour}"] { stroke: ${dark}; }`;
});

/** A diagram keeps its size, unless the page is narrower. */
const STYLE = `
svg { max-width: 100%; height: auto; }
text { font-family: Arial, Helvetica, "Liberation Sans", sans-serif; white-space: pre; }
@media (prefers-color-scheme: dark) {
${DARK_STYLE.join('\n')}
}
`;

/** Converts points, of which an inch has 72, to pixels, of which it has 96. */
function toPixels(points: string): number {
  return Math.round(Number(points) * 96 / 72);
}

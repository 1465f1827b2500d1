import { diffFiles } from '../../../src/cli/diff/diff-definitions';
import { CheckStatus } from '../../../src/cli/verify/check-result';
import { matrix } from '../../../src/cli/verify/matrix';
import { DIFF_FORMATS } from '../../../src/output/diff/formats';
import { colours, tinted } from '../../../src/util/host/terminal';
import { directoryWith } from '../../support/mesh-util';

const TERMINAL = { isTTY: true };
const PIPE = {};
const { env } = process;
beforeEach(() => {
  process.env = { ...env, TERM: 'xterm' };
  ['NO_COLOR', 'FORCE_COLOR', 'CI'].forEach(name => delete process.env[name]);
});
afterAll(() => {
  process.env = env;
});

const plain = (text: string) => text.replace(/\x1b\[\d+m/g, '');

test.each([
  ['at a terminal', TERMINAL, {}, true],
  ['in a pipe', PIPE, {}, false],
  ['in a pipe of CI', PIPE, { CI: 'true' }, false],
  ['at a terminal that can not', TERMINAL, { TERM: 'dumb' }, false],
  ['at a terminal with NO_COLOR', TERMINAL, { NO_COLOR: '1' }, false],
  ['with NO_COLOR, which wins over FORCE_COLOR', TERMINAL, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['with an empty NO_COLOR, which says nothing', TERMINAL, { NO_COLOR: '' }, true],
  ['in a pipe with FORCE_COLOR', PIPE, { FORCE_COLOR: '1' }, true],
  ['at a terminal with FORCE_COLOR=0', TERMINAL, { FORCE_COLOR: '0' }, false],
])('there are colours or none %s', (_, stream, variables, expected) => {
  Object.assign(process.env, variables);
  expect(colours(stream).isColorSupported).toBe(expected);
});

test('the words that say how bad it is have colours, and nothing else of the text', () => {
  const lines = 'error: a\nwarning: b error: c\ncluster1: error: d\nnote: e\nan error: f\n';
  expect(tinted(lines, TERMINAL)).toBe(
    '\x1b[31merror\x1b[39m: a\n\x1b[33mwarning\x1b[39m: b error: c\ncluster1: \x1b[31merror\x1b[39m: '
      + 'd\n\x1b[36mnote\x1b[39m: e\nan error: f\n',
  );
  expect(tinted(lines, PIPE)).toBe(lines);
});

test('the matrix has red and green cells, and the same widths as without', () => {
  const result = (to: string, finding: CheckStatus) => ({ from: 'one', to, check: 'token', finding, detail: 'x' });
  const results = [
    result('one', CheckStatus.OK),
    result('two', CheckStatus.FAILED),
    { ...result('one', CheckStatus.UNKNOWN), from: 'two' },
  ];
  const drawn = matrix(results, colours(TERMINAL));
  expect(drawn).toContain('\x1b[31mtoken\x1b[39m');
  expect(drawn).toContain('\x1b[32mok\x1b[39m');
  expect(plain(drawn)).toBe(matrix(results));
});

test('a comparison has colours as text, and none in Markdown and JSON', () => {
  const directory = directoryWith({ 'a.yaml': 'meshID: a\nclusters: []\n', 'b.yaml': 'meshID: b\nclusters: []\n' });
  const report = diffFiles(`${directory}/a.yaml`, `${directory}/b.yaml`);
  const [text, ...others] = ['text', 'markdown', 'json'].map(format => DIFF_FORMATS[format](report, colours(TERMINAL)));
  expect([plain(text), plain(text) === text]).toEqual([DIFF_FORMATS.text(report), false]);
  others.forEach(other => expect(plain(other)).toBe(other));
});

import { block, code, plain, table } from '../../../src/output/runbook/markdown';

describe('Markdown', () => {
  test('escapes the text of a user, and keeps it on one line', () => {
    expect(plain('a_b *c* <d> [e](f) `g`\n# h $i$ & ~j~')).toBe(
      'a\\_b \\*c\\* \\<d\\> \\[e\\](f) \\`g\\` \\# h \\$i\\$ \\& \\~j\\~');
    expect(code('a`b``c')).toBe('```a`b``c```');
    expect(code('`a')).toBe('`` `a ``');
    expect(block('sh', ['```'])).toBe('````sh\n```\n````');
  });

  test('escapes bars in tables, and omits empty columns', () => {
    expect(table(['a', 'b', 'c'], [['1|2', '', '`|`'], ['3', '', '']])).toBe(
      '| a | c |\n| --- | --- |\n| 1\\|2 | `\\|` |\n| 3 |  |');
  });
});

import { whileStopped, whileWaiting } from '../../../src/util/host/waiting';

const { isTTY } = process.stderr;
afterEach(() => {
  process.stderr.isTTY = isTTY;
});

/** What standard error gets while something is waited for. */
async function written(isTerminal: boolean, wait: () => unknown): Promise<unknown[]> {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  process.stderr.isTTY = isTerminal;
  await Promise.resolve().then(wait).catch(() => undefined);
  const texts = write.mock.calls.map(([text]) => text);
  write.mockRestore();
  return texts;
}

test.each([
  ['a promise', () => whileWaiting('it comes', async () => 1)],
  ['one that fails', () => whileWaiting('it comes', () => Promise.reject(new Error('no')))],
  ['what stops the program', () => whileStopped('it comes', () => 1)],
  ['what stops and fails', () => whileStopped('it comes', () => {
    throw new Error('no');
  })],
])('somebody at a terminal is told what is waited for, and the line goes: %s', async (_, wait) => {
  expect(await written(true, wait)).toEqual(['it comes …', '\r\x1b[2K']);
  expect(await written(false, wait)).toEqual([]);
});

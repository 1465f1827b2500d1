import { output } from '../../../src/util/host/child-process';

const node = (script: string, input?: string) => output(process.execPath, ['-e', script, 'verb'], input);

test('a program reads its input, and its output is returned', async () => {
  expect(await node('process.stdin.pipe(process.stdout)', 'täxt')).toBe('täxt');
});

test('the error of a program contains its verb and the last line that it prints, except warnings', async () => {
  await expect(output(process.execPath,
    ['--eval=console.error("first\\nlast\\nWarning: old"); process.exit(3)', 'verb']))
    .rejects.toThrow(new Error(`${process.execPath} verb: last`));
  await expect(output(process.execPath,
    ['--eval=process.exit(3)', 'verb'])).rejects.toThrow(new Error(`${process.execPath} verb: exit code 3`));
});

test('a program does not have to read its input', async () => {
  expect(await node('console.log("done")', 'x'.repeat(2 ** 20))).toBe('done\n');
});

test('a program that is not on the PATH is reported', async () => {
  await expect(output('no-such-program',
    [])).rejects.toThrow(new Error('there is no no-such-program on the PATH; install it'));
});

test('a program that does not end is killed, even if a program that it started keeps its output open', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  try {
    const running = output('sh', ['-c', 'sleep 5 & sleep 5', 'verb'], '', 60);
    const expected = expect(running).rejects.toThrow('sh sleep 5 & sleep 5: it did not end after 60 s');
    await jest.advanceTimersByTimeAsync(60_000);
    await expected;
  } finally {
    jest.useRealTimers();
  }
});

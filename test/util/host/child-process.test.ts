import { output } from '../../../src/util/host/child-process';

const node = (script: string, input?: string) => output(process.execPath, ['-e', script, 'verb'], input);

test('a program gets its input and gives what it prints', async () => {
  expect(await node('process.stdin.pipe(process.stdout)', 'täxt')).toBe('täxt');
});

test('a program that fails is told with its verb and the last line that it says, but for warnings', async () => {
  await expect(output(process.execPath,
    ['--eval=console.error("first\\nlast\\nWarning: old"); process.exit(3)', 'verb']))
    .rejects.toThrow(new Error(`${process.execPath} verb: last`));
  await expect(output(process.execPath,
    ['--eval=process.exit(3)', 'verb'])).rejects.toThrow(new Error(`${process.execPath} verb: exit code 3`));
});

test('a program that does not read its input is no failure', async () => {
  expect(await node('console.log("done")', 'x'.repeat(2 ** 20))).toBe('done\n');
});

test('a program that is not there is told', async () => {
  await expect(output('no-such-program',
    [])).rejects.toThrow(new Error('there is no no-such-program on the PATH; install it'));
});

test('a program that does not end is ended, even where another one holds its output open', async () => {
  await expect(output('sh', ['-c', 'sleep 5 & sleep 5', 'verb'], '',
    0.2)).rejects.toThrow('sh sleep 5 & sleep 5: it did not end after 0.2 s');
});

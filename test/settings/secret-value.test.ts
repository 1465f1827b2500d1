import { writeFileSync } from 'fs';
import { join } from 'path';
import { RemoteCredentials, SecretValue } from '../../src';
import { caFile } from '../../src/settings/remote-credentials/credential-delivery';
import { temporaryDirectory } from '../support/util';

const VARIABLE = 'ISTIO_MESH_TEST_SECRET';

afterEach(() => {
  delete process.env[VARIABLE];
});

function file(content: string): string {
  const path = join(temporaryDirectory(), 'token');
  writeFileSync(path, content);
  return path;
}

test('an environment variable is read when the secret is needed, not when it is named', () => {
  const secret = SecretValue.env(VARIABLE);
  process.env[VARIABLE] = 's3cret';
  expect(secret._read()).toBe('s3cret');
});

test('an environment variable that is not set is named', () => {
  expect(() => SecretValue.env(VARIABLE)._read())
    .toThrow(new Error("environment variable 'ISTIO_MESH_TEST_SECRET' is not set; set it before synth"));
});

test('an environment variable that is empty is named', () => {
  process.env[VARIABLE] = '';
  expect(() => SecretValue.env(VARIABLE)._read())
    .toThrow(new Error("environment variable 'ISTIO_MESH_TEST_SECRET' is empty; set it before synth"));
});

test.each([
  ['no line break', 's3cret', 's3cret'],
  ['a line break', 's3cret\n', 's3cret'],
  ['a line break of Windows', 's3cret\r\n', 's3cret'],
  ['more lines', 'first\nlast\n', 'first\nlast'],
])('a file with %s at its end gives its content without one', (_, content, secret) => {
  expect(SecretValue.file(file(content))._read()).toBe(secret);
});

test('a file that is not there is named', () => {
  const path = join(temporaryDirectory(), 'token');
  expect(() => SecretValue.file(path)._read())
    .toThrow(new Error(`file '${path}' cannot be read (ENOENT); write the secret there before synth`));
});

test.each(['', '\n'])('a file with nothing in it but %j is named', content => {
  const path = file(content);
  expect(() => SecretValue.file(path)._read())
    .toThrow(new Error(`file '${path}' is empty; write the secret there before synth`));
});

test('plain text is the secret itself', () => {
  expect(SecretValue.unsafePlainText('s3cret\n')._read()).toBe('s3cret\n');
});

test.each([
  ['a file in a directory', SecretValue.file('tokens/cluster1/token'), 'tokens/cluster1/ca.crt'],
  ['a file in the working directory', SecretValue.file('token'), 'ca.crt'],
  ['an environment variable', SecretValue.env(VARIABLE), undefined],
  ['plain text', SecretValue.unsafePlainText('s3cret'), undefined],
])('the CA of a token from %s is expected next to its file', (_, token, path) => {
  expect(caFile(RemoteCredentials.plainToken(token))).toBe(path);
});

test.each([
  '__proto__', 'constructor', 'toString',
])('the environment has no variable %s, though every object of JavaScript has', name => {
  expect(() => SecretValue.env(name)._read()).toThrow(`environment variable '${name}' is not set; set it before synth`);
});

test('a secret is read from a regular file alone', () => {
  expect(() => SecretValue.file('/dev/zero')._read())
    .toThrow('file \'/dev/zero\' cannot be read (not a regular file); write the secret there before synth');
});

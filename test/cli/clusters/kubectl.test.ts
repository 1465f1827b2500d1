import { Kubectl } from '../../../src/cli/clusters/kubectl';

const mockPrinted: string[] = [];
jest.mock('../../../src/util/host/child-process', () => ({ output: async () => mockPrinted[0] }));

const kubectl = new Kubectl('one');
const printing = (text: string) => {
  mockPrinted[0] = text;
  return kubectl;
};

test('single objects, lists of objects and missing objects are read', async () => {
  const object = { kind: 'Secret', metadata: { name: 'cacerts' } };
  expect(await printing(JSON.stringify(object)).get('secret', 'cacerts')).toEqual(object);
  expect(await printing(JSON.stringify(object)).objects(['secret/cacerts'], 'default')).toEqual([object]);
  expect(
    await printing(JSON.stringify({ kind: 'List', metadata: {}, items: [object] })).list('secret', 'default'),
  ).toEqual([object]);
  expect(await printing('').get('secret', 'cacerts')).toBeUndefined();
  expect(await printing('\n').objects(['secret/cacerts'], 'default')).toEqual([]);
});

test.each([
  '{"data": {"token": "a secret"} <',
  '<html>a secret</html>',
  'null',
  '"a secret"',
  '{}',
  '{"items": ["a secret"]}',
  '{"items": "a secret"}',
])('other output is reported without showing it: %s', async text => {
  const problem = new Error("context 'one': kubectl get: the output is not a JSON list of Kubernetes objects");
  await expect(printing(text).get('secret', 'cacerts')).rejects.toThrow(problem);
  await expect(printing(text).list('secret', undefined)).rejects.toThrow(problem);
});

test('empty output does not count as an empty list', async () => {
  await expect(printing('').list('secret', undefined)).rejects.toThrow('the output is not a JSON list');
});

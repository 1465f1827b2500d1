import { Kubectl } from '../../../src/cli/clusters/kubectl';

const mockPrinted: string[] = [];
jest.mock('../../../src/util/host/child-process', () => ({ output: async () => mockPrinted[0] }));

const kubectl = new Kubectl('one');
const printing = (text: string) => {
  mockPrinted[0] = text;
  return kubectl;
};

test('objects are read alone or in a list, and none where none is there', async () => {
  const object = { kind: 'Secret', metadata: { name: 'cacerts' } };
  expect(await printing(JSON.stringify(object)).get('secret', 'cacerts')).toEqual(object);
  expect(await printing(JSON.stringify(object)).objects(['secret/cacerts'], 'default')).toEqual([object]);
  expect(await printing(JSON.stringify({ kind: 'List', metadata: {}, items: [object] })).list('secret', 'default')).toEqual([object]);
  expect(await printing('').get('secret', 'cacerts')).toBeUndefined();
  expect(await printing('\n').objects(['secret/cacerts'], 'default')).toEqual([]);
});

test.each(['{"data": {"token": "a secret"} <', '<html>a secret</html>', 'null', '"a secret"', '{}', '{"items": ["a secret"]}', '{"items": "a secret"}'])(
  'what is no object is told without what it is: %s', async text => {
    const problem = new Error("context 'one': kubectl get: it printed something else than objects in JSON");
    await expect(printing(text).get('secret', 'cacerts')).rejects.toThrow(problem);
    await expect(printing(text).list('secret', undefined)).rejects.toThrow(problem);
  });

test('a list that is not printed at all is not taken for an empty one', async () => {
  await expect(printing('').list('secret', undefined)).rejects.toThrow('it printed something else');
});

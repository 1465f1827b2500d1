import { Memo } from '../../src/util/memo';

test('a result is computed once for each function and key', () => {
  const memo = new Memo();
  const length = jest.fn((text: string) => text.length);
  const upper = jest.fn((text: string, suffix: string) => text.toUpperCase() + suffix);
  expect([memo.once(length, 'a'), memo.once(length, 'a'), memo.once(length, 'bb')]).toEqual([1, 1, 2]);
  expect([memo.once(upper, 'a', '!'), memo.once(upper, 'a', '!')]).toEqual(['A!', 'A!']);
  expect([length.mock.calls.length, upper.mock.calls.length]).toEqual([2, 1]);
});

test('objects are keys by their identity, and undefined is a result', () => {
  const memo = new Memo();
  const none = jest.fn((_: object) => undefined);
  const [one, other] = [{}, {}];
  [one, other, one].forEach(object => memo.once(none, object));
  expect(none).toHaveBeenCalledTimes(2);
});

test('only the latest of large results is kept', () => {
  const memo = new Memo();
  const split = jest.fn((text: string) => text.split(' '));
  ['a', 'a', 'b', 'a'].forEach(text => memo.latestOf(split, text));
  expect(split).toHaveBeenCalledTimes(3);
});

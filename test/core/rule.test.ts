import { diagnosticSentence } from '../../src/core/diagnostic';
import { evaluateRules } from '../../src/core/evaluate';
import {
  type Rule, prefixed, problem, ProblemError, problemText, problemThrown, Severity, violations,
} from '../../src/core/rule';

test('a suggestion is data, and is printed after the message', () => {
  const rule: Rule<string> = {
    code: 'IM000',
    severity: Severity.ERROR,
    title: 'a name is short',
    symptom: 'it is cut off',
    fix: 'shorten it',
    see: 'https://istio.io',
    check: name => violations(['name'], name.length > 3 && problem(`name '${name}' is too long`, 'shorten it')),
  };
  expect(evaluateRules([rule], 'abc')).toEqual([]);
  const [diagnostic] = evaluateRules([rule], 'abcd');
  expect(diagnostic).toMatchObject({
    place: { path: ['name'] }, message: "name 'abcd' is too long", suggestion: 'shorten it',
  });
  expect(diagnosticSentence(diagnostic)).toBe("name 'abcd' is too long; shorten it (IM000)");
});

test('conditions that do not hold are no violations', () => {
  expect(violations(['a', 0], undefined, false, '', problem('x'))).toEqual([{ path: ['a', 0], message: 'x' }]);
  expect(prefixed('a: ', false)).toBeUndefined();
  expect(prefixed('a: ', problem('x', 'y'))).toEqual(problem('a: x', 'y'));
});

test('a problem that is thrown keeps its suggestion, and another error has only its message', () => {
  const throwing = (error: Error) => problemThrown(() => {
    throw error;
  });
  expect(throwing(new ProblemError('x', 'y'))).toEqual(problem('x', 'y'));
  expect(new ProblemError('x', 'y').message).toBe('x; y');
  expect(throwing(new Error('x; y'))).toEqual(problem('x; y'));
  expect(problemThrown(() => 'x')).toBeUndefined();
  expect(problemText(problem('x'))).toBe('x');
});

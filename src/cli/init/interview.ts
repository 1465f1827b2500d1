import { type MaybeProblem, problemText } from '../../core/rule';
import { prompts } from '../../util/libraries';
import { inOneLine } from '../../util/text';

/** A question that init asks. */
interface Question<Answer> {
  readonly message: string;
  /** Why init asks, or what the answer changes; at most two lines. */
  readonly why?: string;
  /** The default answer; a question without it must be answered. */
  readonly initial?: Answer;
  /** The error if the question has no default and cannot be asked; names the option that answers it. */
  readonly missing?: string;
}

/** A question that is answered with text. */
export interface TextQuestion extends Question<string> {
  /** Validates an answer; returns a message if it is not valid. */
  readonly problem: (answer: string) => MaybeProblem | string;
}

/** One of the answers to choose from. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly description?: string;
}

/** A question that is answered with one of several choices. */
export interface ChoiceQuestion extends Question<string> {
  readonly choices: readonly Choice[];
}

/** A question that is answered with one or more of several choices. */
export interface ChoicesQuestion extends Question<readonly string[]> {
  readonly choices: readonly Choice[];
  readonly problem: (answers: readonly string[]) => MaybeProblem | string;
}

/** The source of the answers: a user at a terminal, or the defaults. */
export interface Interview {
  askText(question: TextQuestion): Promise<string>;
  askChoice(question: ChoiceQuestion): Promise<string>;
  askChoices(question: ChoicesQuestion): Promise<readonly string[]>;
}

/** Answers every question with its default, and collects the errors of questions that have none. */
export class DefaultAnswers implements Interview {
  readonly missing: string[] = [];

  async askText(question: TextQuestion): Promise<string> {
    return this.answer(question) ?? '';
  }

  async askChoice(question: ChoiceQuestion): Promise<string> {
    return this.answer(question) ?? question.choices[0].value;
  }

  async askChoices(question: ChoicesQuestion): Promise<readonly string[]> {
    return this.answer(question) ?? [];
  }

  private answer<Answer>({ message, initial, missing = message }: Question<Answer>): Answer | undefined {
    if (initial === undefined) {
      this.missing.push(missing);
    }
    return initial;
  }
}

/** The user left a question with ctrl-C or escape. */
export class Cancelled extends Error {}

/** Asks the user at the terminal, and repeats a question until the answer is valid. */
export class TerminalInterview implements Interview {
  async askText({ message, why, initial, problem }: TextQuestion): Promise<string> {
    const answer = await this.ask<string>(why, { type: 'text', message, initial }, text => problem(text.trim()));
    return answer.trim();
  }

  async askChoice({ message, why, initial, choices }: ChoiceQuestion): Promise<string> {
    const first = Math.max(choices.findIndex(({ value }) => value === initial), 0);
    return this.ask(why, { type: 'select', message, initial: first, choices: printable(choices) });
  }

  async askChoices({ message, why, choices, problem }: ChoicesQuestion): Promise<readonly string[]> {
    const hint = 'press space to select, enter to continue';
    const question = { type: 'multiselect', message, choices: printable(choices), instructions: false, hint };
    return this.ask(why, question, problem);
  }

  /**
   * Asks until the answer is valid. Errors are printed above the next try, because the prompts library cannot draw
   * errors of more than one line.
   *
   * @throws when the user leaves the question with ctrl-C or escape
   */
  private async ask<Answer>(
    why: string | undefined, question: object, problemOf: (answer: Answer) => MaybeProblem | string = () => undefined,
  ): Promise<Answer> {
    print(why);
    for (;;) {
      const named = { ...question, name: 'answer' } as import('prompts').PromptObject<'answer'>;
      const { answer } = await prompts()(named);
      if (answer === undefined) {
        throw new Cancelled('nothing was written');
      }
      const problem = problemOf(answer);
      if (!problem) {
        return answer;
      }
      print(typeof problem === 'string' ? problem : problemText(problem));
    }
  }
}

/** The choices with titles that are safe to print: context names can be empty or contain control characters. */
function printable(choices: readonly Choice[]): Choice[] {
  return choices.map(choice => ({ ...choice, title: inOneLine(choice.title) || "''" }));
}

/** Prints a paragraph after a blank line, wrapped between words. */
function print(text: string = ''): void {
  const width = Math.max(process.stdout.columns || 80, 2);
  const wrapped = inOneLine(text).replace(new RegExp(`(.{1,${width - 1}})( +|$)`, 'g'), '$1\n');
  process.stdout.write(`\n${wrapped}`);
}

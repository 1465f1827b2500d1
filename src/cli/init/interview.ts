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
interface TextQuestion extends Question<string> {
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
interface ChoiceQuestion extends Question<string> {
  readonly choices: readonly Choice[];
  readonly initial: string;
}

/** A question that is answered with one or more of several choices. */
interface ChoicesQuestion extends Question<readonly string[]> {
  readonly choices: readonly Choice[];
  readonly problem: (answers: readonly string[]) => MaybeProblem | string;
}

/** Asks the user at a terminal, or answers every question with its default. */
export class Interview {
  /** The errors of questions that have no default and were not asked. */
  readonly missing: string[] = [];

  /** @param isInteractive whether there is a user to ask */
  constructor(private readonly isInteractive: boolean) {}

  async askText(question: TextQuestion): Promise<string> {
    const { initial, problem } = question;
    const answer = await this.ask(question, '', { type: 'text', initial }, text => problem(text.trim()));
    return answer.trim();
  }

  async askChoice(question: ChoiceQuestion): Promise<string> {
    const { choices } = question;
    const initial = choices.findIndex(({ value }) => value === question.initial);
    return this.ask(question, '', { type: 'select', initial, choices: printable(choices) });
  }

  async askChoices(question: ChoicesQuestion): Promise<readonly string[]> {
    const hint = 'press space to select, enter to continue';
    const prompt = { type: 'multiselect', choices: printable(question.choices), instructions: false, hint };
    return this.ask(question, [], prompt, question.problem);
  }

  /**
   * Asks until the answer is valid. Errors are printed above the next try, because the prompts library cannot draw
   * errors of more than one line.
   *
   * @param none the answer if the question has no default and is not asked
   * @throws when the user leaves the question with ctrl-C or escape
   */
  private async ask<Answer>(
    { message, why, initial, missing = message }: Question<Answer>, none: Answer, prompt: object,
    problemOf: (answer: Answer) => MaybeProblem | string = () => undefined,
  ): Promise<Answer> {
    if (!this.isInteractive) {
      this.missing.push(...initial === undefined ? [missing] : []);
      return initial ?? none;
    }
    print(why);
    for (;;) {
      const named = { ...prompt, message, name: 'answer' } as import('prompts').PromptObject<'answer'>;
      const { answer } = await prompts()(named);
      if (answer === undefined) {
        throw new Error('nothing was written');
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

import { prompts } from '../../util/libraries';
import { inOneLine } from '../../util/text';

/** Something that init has to know. */
interface Question<Answer> {
  readonly message: string;
  /** Why it is asked, or what follows from the answer; at most a line or two. */
  readonly why?: string;
  /** What is taken where nobody is asked; a question without it must be answered. */
  readonly initial?: Answer;
  /** The option that answers it on the command line, and what is missing without it. */
  readonly missing: string;
}

/** A question that is answered by some text. */
export interface TextQuestion extends Question<string> {
  /** What is wrong with an answer, if something is. */
  readonly problem: (answer: string) => string | undefined;
}

/** One of the answers to choose from. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly description?: string;
}

/** A question that is answered by one of some answers. */
export interface ChoiceQuestion extends Question<string> {
  readonly choices: readonly Choice[];
}

/** A question that is answered by one or more of some answers. */
export interface SeveralQuestion extends Question<readonly string[]> {
  readonly choices: readonly Choice[];
  readonly problem: (answers: readonly string[]) => string | undefined;
}

/** Whoever answers. */
export interface Interview {
  text(question: TextQuestion): Promise<string>;
  choice(question: ChoiceQuestion): Promise<string>;
  several(question: SeveralQuestion): Promise<readonly string[]>;
}

/** Nobody is asked: what has no default is missing, all of it at once. */
export class Defaults implements Interview {
  readonly missing: string[] = [];

  async text(question: TextQuestion): Promise<string> {
    return this.answer(question) ?? '';
  }

  async choice(question: ChoiceQuestion): Promise<string> {
    return this.answer(question) ?? question.choices[0].value;
  }

  async several(question: SeveralQuestion): Promise<readonly string[]> {
    return this.answer(question) ?? [];
  }

  private answer<Answer>({ initial, missing }: Question<Answer>): Answer | undefined {
    if (initial === undefined) {
      this.missing.push(missing);
    }
    return initial;
  }
}

/** Somebody at a terminal who wants no more: nothing has been written then. */
export class Cancelled extends Error {}

/** Somebody at a terminal, who is asked again until nothing is wrong with an answer. */
export class Terminal implements Interview {
  async text({ message, why, initial, problem }: TextQuestion): Promise<string> {
    const answer = await this.ask(why, { type: 'text', message, initial }, text => problem((text as string).trim()));
    return (answer as string).trim();
  }

  async choice({ message, why, initial, choices }: ChoiceQuestion): Promise<string> {
    const first = choices.findIndex(({ value }) => value === initial);
    return await this.ask(why, { type: 'select', message, initial: Math.max(first, 0), choices: shown(choices) }) as string;
  }

  async several({ message, why, choices, problem }: SeveralQuestion): Promise<readonly string[]> {
    const question = { type: 'multiselect', message, choices: shown(choices), instructions: false, hint: 'space chooses, enter goes on' };
    return await this.ask(why, question, answers => problem(answers as string[])) as string[];
  }

  /**
   * What is wrong is told above the next try: the library's own way of telling draws wrong what needs more than one line.
   *
   * @throws when the question is left by ctrl-C or escape
   */
  private async ask(why: string | undefined, question: object, problem: (answer: unknown) => string | undefined = () => undefined): Promise<unknown> {
    tell(why);
    for (;;) {
      const { answer } = await prompts()({ ...question, name: 'answer' } as import('prompts').PromptObject<'answer'>);
      if (answer === undefined) {
        throw new Cancelled('nothing was written');
      }
      const wrong = problem(answer);
      if (wrong === undefined) {
        return answer;
      }
      tell(wrong);
    }
  }
}

/** Choices as a terminal may show them: kubeconfigs have contexts of any name, also of none. */
function shown(choices: readonly Choice[]): Choice[] {
  return choices.map(choice => ({ ...choice, title: inOneLine(choice.title) || "''" }));
}

/** Text of its own after a blank line, with lines that end between words. */
function tell(text: string = ''): void {
  const width = Math.max(process.stdout.columns || 80, 2);
  process.stdout.write(`\n${inOneLine(text).replace(new RegExp(`(.{1,${width - 1}})( +|$)`, 'g'), '$1\n')}`);
}

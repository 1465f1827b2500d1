import { prompts } from '../../libraries';

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
  /** Whether somebody is asked, and told at once. */
  readonly isAsked: boolean;
  tell(text: string): void;
  text(question: TextQuestion): Promise<string>;
  choice(question: ChoiceQuestion): Promise<string>;
  several(question: SeveralQuestion): Promise<readonly string[]>;
}

/** Nobody is asked: what has no default is missing, all of it at once. */
export class Defaults implements Interview {
  readonly isAsked = false;
  readonly missing: string[] = [];

  tell(): void {}

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

/** Somebody at a terminal. */
export class Terminal implements Interview {
  readonly isAsked = true;

  tell(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  async text({ message, why, initial, problem }: TextQuestion): Promise<string> {
    this.explain(why);
    const answer = await this.ask({ type: 'text', message, initial, validate: (text: string) => problem(text.trim()) ?? true });
    return (answer as string).trim();
  }

  async choice({ message, why, initial, choices }: ChoiceQuestion): Promise<string> {
    this.explain(why);
    const first = choices.findIndex(({ value }) => value === initial);
    return await this.ask({ type: 'select', message, initial: Math.max(first, 0), choices: [...choices] }) as string;
  }

  async several({ message, why, choices, problem }: SeveralQuestion): Promise<readonly string[]> {
    this.explain(why);
    for (;;) {
      const answers = await this.ask({ type: 'multiselect', message, choices: [...choices], instructions: false, hint: 'space chooses, enter goes on' }) as string[];
      const wrong = problem(answers);
      if (wrong === undefined) {
        return answers;
      }
      this.tell(wrong);
    }
  }

  private explain(why: string | undefined): void {
    this.tell(why === undefined ? '' : `\n${why}`);
  }

  /** @throws when the question is left by ctrl-C or escape */
  private async ask(question: object): Promise<unknown> {
    const { answer } = await prompts()({ ...question, name: 'answer' } as import('prompts').PromptObject<'answer'>);
    if (answer === undefined) {
      throw new Cancelled('nothing was written');
    }
    return answer;
  }
}

import type { Row, Scenario, Stage } from './scenario';

/** A control: shows that another scenario fails, and how. */
export class FailingScenario implements Scenario {
  public readonly name: string;

  /** `failure` is part of the error. */
  public constructor(
    private readonly scenario: Scenario, private readonly what: string, private readonly failure: string,
  ) {
    this.name = scenario.name;
  }

  public async run(stage: Stage): Promise<readonly Row[]> {
    const message = await this.scenario.run(stage).then(() => 'it passed', (error: Error) => error.message);
    if (!message.includes(this.failure)) {
      throw new Error(`should fail with '${this.failure}': ${message}`);
    }
    return [{ what: this.what, answers: this.failure }];
  }
}

import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'];

/** `istio-mesh completion`. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that completes commands, options and their values in your shell')
    .addArgument(new Argument('<shell>', 'shell that runs the script').choices(SHELLS))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { tabtab } = await import('../../util/libraries.js');
      process.stdout.write(await tabtab().getCompletionScript({ name: 'istio-mesh', completer: 'istio-mesh', shell }));
    });
}

/** The hidden command that the script runs at each TAB. */
export function completionServerCommand(): Command {
  return new Command('completion-server')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (_, __, command: Command) => {
      const { completions, completionText } = await import('./completions.js');
      const { COMP_LINE = '', COMP_POINT, SHELL } = process.env;
      // fish does not know the cursor's position when a script requests completions.
      const cursor = Number(COMP_POINT) || COMP_LINE.trimEnd().length;
      process.stdout.write(completionText(completions(command.parent!, COMP_LINE.slice(0, cursor)), SHELL));
    });
}

import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'];

/** `istio-mesh completion`. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print what completes commands, options and their values in your shell')
    .addArgument(new Argument('<shell>', 'shell that is to run it').choices(SHELLS))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { tabtab } = await import('../../util/libraries.js');
      process.stdout.write(await tabtab().getCompletionScript({ name: 'istio-mesh', completer: 'istio-mesh', shell }));
    });
}

/** What that script runs at each TAB. */
export function completionServerCommand(): Command {
  return new Command('completion-server')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (_, __, command: Command) => {
      const { completions, completionText } = await import('./completions.js');
      const { COMP_LINE = '', COMP_POINT, SHELL } = process.env;
      const cursor = Number(COMP_POINT) || COMP_LINE.trimEnd().length; // fish does not know it where it is asked by a script
      process.stdout.write(completionText(completions(command.parent!, COMP_LINE.slice(0, cursor)), SHELL));
    });
}

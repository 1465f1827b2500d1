/** Makes docs/reference/command-line.md from the tree of commands, so that neither can be without the other. */
import { writeFileSync } from 'fs';
import type { Argument, Command, Option } from 'commander';
import type { Lesson } from '../src/cli/help';
import { EXIT_CODES, LESSONS } from '../src/cli/help';
import { program } from '../src/cli/program';

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/([*<])/g, '\\$1');
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** What holds when nothing is said; of a switch, nothing does. */
function defaultOf({ defaultValue }: Argument | Option): string {
  return defaultValue === undefined || defaultValue === false ? '' : `\`${defaultValue}\``;
}

function takes({ argChoices }: Argument | Option): string {
  return argChoices ? `: ${argChoices.map(choice => `\`${choice}\``).join(', ')}` : '';
}

function table(header: string, rows: ReadonlyArray<readonly string[]>): string[] {
  return rows.length === 0 ? [] : [[`| ${header} | | default |`, '| --- | --- | --- |', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n')];
}

function usage(path: string, command: Command): string {
  return `\`\`\`text\n${path} ${command.usage()}\n\`\`\``;
}

function taught({ examples, page, exitCodes }: Lesson): string[] {
  const width = Math.max(...examples.map(([line]) => line.length));
  return [
    `\`\`\`sh\n${examples.map(([line, what]) => what === '' ? line : `${line.padEnd(width)}   # ${what}`).join('\n')}\n\`\`\``,
    ...exitCodes === undefined ? [] : [`Exit codes: ${exitCodes}.`],
    ...page === 'reference/command-line.md' ? [] : [`More: [${page}](../${page}).`],
  ];
}

/** A section for a command, and one for each of its own. */
function sections(parent: string, command: Command): string[] {
  const path = `${parent} ${command.name()}`;
  const lesson = LESSONS[command.name()];
  return [
    `## ${path}`,
    sentence(command.description()),
    usage(path, command),
    ...table('argument', command.registeredArguments.map(argument => [`\`${argument.name()}\``, `${cell(argument.description)}${takes(argument)}`, defaultOf(argument)])),
    ...table('option', command.options.filter(({ hidden }) => !hidden).map(option => [`\`${option.flags}\``, `${cell(option.description)}${takes(option)}`, defaultOf(option)])),
    ...lesson ? taught(lesson) : [],
    ...command.commands.flatMap(own => sections(path, own)),
  ];
}

writeFileSync('docs/reference/command-line.md', `${[
  '# The command line',
  '<!-- Made by projenrc/command-line-page.ts from the commands in src/cli. Do not edit. -->',
  sentence(program.description()),
  usage(program.name(), program),
  'In a project that installed the package, `npx istio-mesh` runs it. Every command takes `--help`, and `istio-mesh --version` tells the version.',
  `Exit codes: ${EXIT_CODES}, and when arguments are wrong.
What a command finds goes to standard output; what is wrong goes to standard error. [Messages](messages.md) says how they are written.`,
  ...program.createHelp().visibleCommands(program).filter(command => command.name() !== 'help').flatMap(command => sections(program.name(), command)),
].join('\n\n')}\n`);

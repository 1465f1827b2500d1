/**
 * Generates API.md from the compiled library: all exports except the imported Istio types, for TypeScript and Python.
 */
import { writeFileSync } from 'fs';
import { join } from 'path';
import { toSnakeCase } from 'codemaker';
import { assembly, innermost, inOrder, istioPage, REFERENCE, ROOT } from './assembly';
import type { Json } from './crd-schema';
import { code, table } from './markdown';

const types: Json[] = Object.values<Json>(assembly.types).filter(type => !type.namespace)
  .sort((a, b) => a.name < b.name ? -1 : 1);
const imported = Object.keys(assembly.types).length - types.length;

function typeText(type: Json): string {
  if (type.primitive) {
    return type.primitive;
  }
  if (type.collection) {
    const element = typeText(type.collection.elementtype);
    return type.collection.kind === 'array' ? `${element}[]` : `{ [key: string]: ${element} }`;
  }
  const [, name] = /^[^.]+\.(.*)$/.exec(type.fqn)!;
  return type.fqn.startsWith(`${assembly.name}.`) ? name : type.fqn;
}

/** A type in a cell, with a link to its section, or to Istio's page about it. */
function typeCell(type: Json): string {
  const { fqn } = type.collection ? innermost(type) : type;
  const text = `\`${typeText(type)}\``;
  if (!fqn?.startsWith(`${assembly.name}.`)) {
    return text;
  }
  const name: string = fqn.slice(assembly.name.length + 1);
  return `[${text}](${name.startsWith('istio.') ? istioPage(fqn) : `#${name.toLowerCase()}`})`;
}

function isStruct(type: Json): boolean {
  return assembly.types[type.fqn]?.datatype === true;
}

/** A docstring in one line. */
function description({ docs = {} }: Json): string {
  const { summary = '', remarks = '', custom = {}, see } = docs;
  const sentences = [summary, remarks, custom.throws && `Throws ${custom.throws}.`, see && `[More](${see})`];
  return sentences.filter(Boolean).join(' ').replace(/\s+/g, ' ').replace(/@(throws|see|default)\b/g, '');
}

function inTypeScript({ parameters = [] }: Json): string {
  return parameters.map(({ name, optional, type }: Json) => `${name}${optional ? '?' : ''}: ${typeText(type)}`)
    .join(', ');
}

/** In Python, the properties of a last struct are keyword arguments. */
function inPython({ parameters = [] }: Json): string {
  return parameters.map(({ name, optional, type }: Json, i: number) => i === parameters.length - 1 && isStruct(type)
    ? `**${typeText(type)}` : `${toSnakeCase(name)}${optional ? '=None' : ''}`).join(', ');
}

function methods(type: Json): string[] {
  const rows = inOrder(type.methods).map(method => {
    const on = method.static ? type.name : type.name[0].toLowerCase() + type.name.slice(1);
    const returned = method.returns && !method.static ? `: ${typeText(method.returns.type)}` : '';
    return [code(`${on}.${method.name}(${inTypeScript(method)})${returned}`),
      code(`${method.static ? on : toSnakeCase(on)}.${toSnakeCase(method.name)}(${inPython(method)})`),
      description(method)];
  });
  return table(['method', 'in Python', ''], rows);
}

function properties(type: Json): string[] {
  const isClass = type.kind === 'class';
  const rows = inOrder(type.properties).filter(({ static: isStatic }) => !isStatic).map(property => [
    `${code(property.name)}${isClass || property.optional ? '' : ' (required)'}`, code(toSnakeCase(property.name)),
    typeCell(property.type), description(property),
    ...isClass ? [] : [(property.docs?.default ?? '').replace(/^- /, '')],
  ]);
  return table(['property', 'in Python', 'type', '', ...isClass ? [] : ['default']], rows);
}

function section(type: Json): string[] {
  const { name, kind, initializer, interfaces = [] } = type;
  const lines = ['', `### ${name}`, '', description(type)];
  if (kind === 'enum') {
    return [...lines, ...table(['member', ''],
      type.members.map((member: Json) => [code(`${name}.${member.name}`), description(member)]))];
  }
  const above = interfaces.map((fqn: string) => typeCell({ fqn }));
  return [
    ...lines,
    ...above.length > 0 ? [
      '', `It has ${properties(type).length > 0 ? 'also ' : ''}the properties of ${above.join(' and ')}.`,
    ] : [],
    ...initializer && !type.abstract ? [
      '', `${code(`new ${name}(${inTypeScript(initializer)})`)}, in Python `
        + `${code(`${name}(${inPython(initializer)})`)}`,
      ...table(['parameter', 'type', ''],
        (initializer.parameters ?? []).map((parameter: Json) =>
          [code(parameter.name), typeCell(parameter.type), description(parameter)])),
    ] : [],
    ...methods(type),
    ...properties(type),
  ];
}

const isConstruct = ({ base }: Json) => ['constructs.Construct', 'cdk8s.Chart', 'cdk8s.App'].includes(base);
const GROUPS: ReadonlyArray<readonly [title: string, about: string, has: (type: Json) => boolean]> = [
  ['Constructs', 'What a program makes. What they inherit from cdk8s and constructs is not repeated.',
    type => type.kind === 'class' && isConstruct(type)],
  ['Families', 'Closed choices: each static method is a member. In `mesh.yaml` a member is its name, or its name with '
    + 'one argument.', type => type.kind === 'class' && type.abstract],
  ['Other classes', '', type => type.kind === 'class' && !type.abstract && !isConstruct(type)],
  ['Properties', 'Plain data: an object in TypeScript, a class with keywords in Python.',
    type => type.kind === 'interface'],
  ['Enums', 'Spelled the same in both languages.', type => type.kind === 'enum'],
];

writeFileSync(join(ROOT, 'API.md'), `${[
  '# API',
  '',
  '<!-- Made by projenrc/api-page.ts from the compiled library. Do not edit. -->',
  '',
  'Everything that `import { … } from \'cdk8s-istio-mesh\'` gives, and in Python `from cdk8s_istio_mesh import …`.',
  '',
  `Istio's own settings are typed too: ${imported} types below \`istio\`, made from Istio's IstioOperator and spelled `
    + 'as `cdk8s import` spells. They are not repeated',
  'here; where one is the type of a property, it leads to Istio\'s reference of [the values and '
    + `components](${REFERENCE}/istio.operator.v1alpha1/) or of`,
  `[the mesh config](${REFERENCE}/istio.mesh.v1alpha1/).`,
  ...GROUPS.flatMap(([title, about, has]) =>
    ['', `## ${title}`, ...about ? ['', about] : [], ...types.filter(has).flatMap(section)]),
].join('\n')}\n`);

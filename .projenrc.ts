import { cdk8s, javascript, JsonFile } from 'projen';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-istio-mesh',
  description:
    'One typed mesh definition in, one directory of manifests for every cluster of a multi-primary Istio mesh out',
  author: 'cdk8s-istio-mesh',
  authorAddress: 'maintainers@users.noreply.github.com',
  repositoryUrl: 'https://github.com/cdk8s-istio-mesh/cdk8s-istio-mesh.git',
  keywords: ['istio', 'multicluster', 'multi-primary', 'service-mesh', 'kubernetes'],
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  copyrightOwner: 'the cdk8s-istio-mesh authors',

  // Nothing here talks to a code host: the package is built and tested by its own tasks.
  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,
  docgen: false, // projenrc/api-page.ts makes API.md: in two languages, and without the 1,700 imported types
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,

  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  cdk8sVersion: '2.70.106',
  constructsVersion: '10.4.2',
  minNodeVersion: '20.16.0',

  // imports/ and src/ are compiled side by side, so lib/ holds both; `dist` is the synthesized tree, `build` the
  // packages.
  entrypoint: 'lib/src/index.js',
  tsconfig: { compilerOptions: { rootDir: '.', outDir: 'lib' }, include: ['imports/**/*.ts'] },
  artifactsDirectory: 'build',
  // The other languages of jsii. A wheel needs only Python; each of the others has a task for a machine with its
  // compiler.
  publishToPypi: { distName: 'cdk8s-istio-mesh', module: 'cdk8s_istio_mesh' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8s_istio_mesh',
    mavenGroupId: 'io.github.cdk8s-istio-mesh',
    mavenArtifactId: 'cdk8s-istio-mesh',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-istio-mesh/cdk8s-istio-mesh-go' },
  publishToNuget: { dotNetNamespace: 'Cdk8sIstioMesh', packageId: 'Cdk8sIstioMesh' },
  bin: { 'istio-mesh': 'lib/src/cli.js' },

  peerDeps: [
    'cdk8s-plus-28@^2.5.6', // typed core objects (Namespace, ServiceAccount, Secret, ClusterRole) inside the constructs
  ],
  bundledDeps: [
    'yaml@2.9.1', // mesh.yaml with positions in, manifests out
    'jsonschema@1.5.0', // validates the definition with the generated JSON Schema, without compiling it first
    'fast-glob@3.3.3', // globs of the user's own manifests
    'commander@14.0.2', // arguments of the istio-mesh command
    'fastest-levenshtein@1.0.16', // "did you mean" for a misspelt key
    'cli-table3@0.6.5', // the matrix of istio-mesh verify, and the table that the end-to-end suite ends with
    'cli-progress@3.12.0', // how far a command on many clusters is
    'p-limit@3.1.0', // so many kubectl at a time; later ones cannot be required
    '@viz-js/viz@3.31.0', // Graphviz, which lays out the diagram of the mesh
    'prompts@2.4.2', // what istio-mesh init asks at a terminal; later inquirers cannot be required
    '@pnpm/tabtab@0.5.4', // the scripts of shells that complete what is typed
    'picocolors@1.1.1', // colours, at a terminal that has some
    'path-browserify@1.0.1', // paths of generated files, on every system and in a browser
    'ipaddr.js@2.5.0', // the version of an IP address, in a browser too
    'fast-deep-equal@3.1.3', // whether two values of plain data are equal
    'node-forge@1.4.3', // certificates of `istio-mesh certs`: Node makes keys and reads certificates, and writes none
  ],
  devDeps: [
    'cdk8s-cli@2.207.60', // cdk8s synth and cdk8s import
    'tsx@4.23.15', // runs the TypeScript examples under cdk8s synth
    'esbuild@0.28.2', // compiles the command line that the tests run; the version that tsx has
    'fast-check@4.10.2', // random meshes, and the smallest one that fails
    'codemaker@1.140.0', // the spelling of jsii's Python, for API.md
    '@types/cli-progress@3.11.6',
    '@types/path-browserify@1.0.3',
    '@types/prompts@2.4.9',
    'js-yaml@4.1.0', // a second YAML reader, to check the output of the first one
    '@types/js-yaml@4.0.9',
    '@types/node-forge@1.3.14',
    // independent validators of the generated Argo CD objects; later versions cannot be loaded with require
    '@kubernetes-models/argo-cd@2.7.2',
    '@kubernetes-models/flux-cd@2.3.4', // the same of Flux's
  ],

  eslintOptions: {
    dirs: ['src', 'examples'],
    devdirs: ['test'],
    ignorePatterns: ['imports/**', '*.js', '*.d.ts', 'node_modules/', 'lib/', 'dist/', 'build/'],
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestVersion: '30',
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      maxWorkers: '100%', // of the processors
      testTimeout: 60_000, // a machine may be busy, and most keys of certificates take seconds
      globalSetup: '<rootDir>/test/support/compiled-cli.ts',
      globalTeardown: '<rootDir>/test/support/compiled-cli-removal.ts',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      moduleNameMapper: { '^cdk8s-istio-mesh$': '<rootDir>/src' }, // examples are tested with the sources
    },
  },
  gitignore: ['/dist', '/build', '*.tgz', '.DS_Store', '__pycache__', '.venv'],
});

for (const path of [
  '/dist', 'build', '/test', '/docs', '/examples', '/projenrc', '/imports', '/cdk8s.yaml', '/.ci', '*.tgz', '/API.md',
]) {
  project.addPackageIgnore(path); // the package holds what is compiled, and what that was compiled from
}
project.package.addField('types', 'lib/src/index.d.ts');
project.package.addField('overrides',
  { 'unrs-resolver': '1.12.2' }); // newer ones lack platform packages and `npm ci` fails

// the oldest Node that the package supports
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// The schema of mesh.yaml comes from the compiled properties, and the package carries it next to the code that reads
// it.
project.compileTask.exec('tsx projenrc/mesh-schema.ts', { name: 'make the schema of mesh.yaml' });
project.compileTask.exec('cp src/mesh.schema.json lib/src/ && cp imports/sailoperator.io.schema.json lib/imports/');
project.compileTask.exec('chmod +x lib/src/cli.js',
  { name: 'let the command be run where the package is unpacked, as from a wheel' });
project.compileTask.exec('tsx projenrc/lazy-imports.ts', { name: 'load the imported types when they are first used' });
project.compileTask.exec('tsx projenrc/rules-page.ts',
  { name: 'make docs/reference/rules.md from the tables of rules' });
project.compileTask.exec('tsx projenrc/command-line-page.ts',
  { name: 'make docs/reference/command-line.md from the tree of commands' });
project.compileTask.exec('tsx projenrc/mesh-yaml-page.ts',
  { name: 'make docs/reference/mesh-yaml.md from the schema of mesh.yaml' });
project.compileTask.exec('tsx projenrc/api-page.ts', { name: 'make API.md from the compiled library' });
// After `npm ci`, the command and the tests work.
project.package.setScript('prepare', 'projen compile');

project.addTask('import', {
  description: 'refresh imports/ from the Istio version in imports/generator/go.mod (needs Go)',
  exec: 'bash imports/generate.sh',
});
project.addTask('bench', {
  description: 'time and memory of synth, against stock App.synth and against writing the same bytes',
  exec: 'tsx --tsconfig test/tsconfig.json test/bench/bench.ts',
  receiveArgs: true,
});
// Packages for Node and Python build everywhere; package:java, package:go and package:dotnet need their compilers.
const packageAll = project.tasks.tryFind('package-all')!;
packageAll.reset();
['js', 'python'].forEach(language => packageAll.spawn(project.tasks.tryFind(`package:${language}`)!));
// Not a task: between npm and the suite nothing may stand that outlives the one and keeps the other going.
project.package.setScript('e2e', 'TSX_TSCONFIG_PATH=test/tsconfig.json exec node --import tsx test/e2e/main.ts');
project.testTask.prependExec('tsc --noEmit --project test/tsconfig.json',
  { name: 'types of tests, examples and benchmark' });

const MAX_LENGTH = { code: 120, ignoreUrls: true, ignoreRegExpLiterals: true };
/** From the lowest to the highest; docs/architecture.md describes each. */
const LAYERS = ['util', 'core', 'istio', 'settings', 'definition', 'rules', 'constructs', 'output', 'cli'];
const above = (i: number) => [...LAYERS.slice(i + 1).map(layer => `./src/${layer}`), './src/index.ts', './src/cli.ts'];
project.eslint?.addRules({
  '@typescript-eslint/consistent-type-imports': [
    'error', { disallowTypeAnnotations: false },
  ], // lazy loading names types as typeof import('…')
  '@stylistic/max-len': ['error', MAX_LENGTH],
  'import/no-duplicates': ['error', { 'prefer-inline': true }],
  'import/no-cycle': 'error',
  'import/no-restricted-paths': ['error', {
    zones: LAYERS.slice(0, -1)
      .map((layer, i) => ({
        target: `./src/${layer}`, from: above(i), message: 'imports run downward: see docs/architecture.md',
      })),
  }],
});
// Templates in tests are files and messages, whose lines are as long as in the original.
project.eslint?.addOverride({
  files: ['test/**', 'projenrc/**'],
  rules: { '@stylistic/max-len': ['error', { ...MAX_LENGTH, ignoreTemplateLiterals: true }] },
});
/** Pure code: a browser build has another `util/host`, and no Node. */
project.eslint?.addOverride({
  files: ['src/**'],
  excludedFiles: ['src/util/host/**', 'src/cli/**', 'src/cli.ts'],
  rules: {
    'import/no-nodejs-modules': 'error',
    'no-restricted-globals': ['error', ...['process', 'Buffer', '__dirname', '__filename'].map(name => ({
      name, message: 'only util/host and cli use Node: see docs/architecture.md',
    }))],
  },
});
project.eslint?.addOverride({
  files: ['examples/**', 'test/bench/**', 'test/e2e/meshes/**'], rules: { 'import/no-unresolved': 'off' },
}); // the compiler resolves the library's own name

// Examples and tests import the library by its name, as users do; jsii does not support such a setting, so only they
// have it.
const paths = { 'cdk8s-istio-mesh': ['../src'] };
const own = { extends: '../tsconfig.json', compilerOptions: { noEmit: true, rootDir: '..', paths } };
new JsonFile(project, 'examples/tsconfig.json', { obj: { ...own, include: ['**/*.ts'] } });
project.tryFindObjectFile('test/tsconfig.json')?.addOverride('compilerOptions.paths', paths);
project.tryFindObjectFile('test/tsconfig.json')?.addOverride('include', ['**/*.ts', '../examples/**/*.ts']);

project.synth();

// The direction of imports: renderer -> shared <- core <- adapters <- compose, main, cli.
// It holds for types among our own folders too; a library's or Node's types may be imported anywhere, since they
// leave no trace in a bundle. tests/unit/scripts/import-directions.test.ts shows what each rule reports.
const asValues = { dependencyTypesNot: ['type-only'] };
const nodeBuiltIns = { dependencyTypes: ['core'], ...asValues };
const inPackages = (...names) => names.map((name) => `^node_modules/${name}(/|$)`);

const ENTRIES_AND_ADAPTERS =
  '^electron/(adapters/|preload\\.ts|main\\.ts|front\\.ts|shell\\.ts|cli\\.ts|compose\\.ts)';

const rules = [
  {
    name: 'no-circular',
    from: {},
    to: { circular: true, viaOnly: asValues },
  },
  {
    name: 'shared-imports-nothing-of-ours',
    from: { path: '^shared/' },
    to: { path: '^(electron|renderer|tests|scripts|relay)/' },
  },
  {
    name: 'shared-is-pure',
    from: { path: '^shared/' },
    to: nodeBuiltIns,
  },
  {
    name: 'renderer-imports-shared-only',
    from: { path: '^renderer/' },
    to: { path: '^(electron|tests|scripts|relay)/' },
  },
  {
    name: 'renderer-is-a-web-page',
    from: { path: '^renderer/' },
    to: nodeBuiltIns,
  },
  {
    name: 'ports-are-interfaces',
    from: { path: '^electron/ports\\.ts$' },
    to: { path: '^electron/', ...asValues },
  },
  {
    name: 'core-imports-ports-and-shared',
    from: { path: '^electron/core/' },
    to: { path: '^electron/(adapters/|compose|main|front|shell|cli|preload)' },
  },
  {
    name: 'core-does-no-io',
    from: { path: '^electron/core/' },
    to: { ...nodeBuiltIns, pathNot: '^(node:)?crypto$' },
  },
  {
    name: 'adapters-know-no-composition',
    from: { path: '^electron/adapters/' },
    to: { path: '^electron/(compose|main|front|shell|cli|preload)' },
  },
  {
    name: 'electron-imports-no-window-code',
    from: { path: '^electron/' },
    to: { path: '^renderer/' },
  },
  {
    name: 'product-imports-no-tests',
    from: { path: '^(electron|renderer|shared)/' },
    to: { path: '^(tests|scripts)/' },
  },
  {
    name: 'e2e-imports-no-app-code',
    from: { path: '^tests/e2e/' },
    to: { path: '^(electron|renderer|shared)/' },
  },
  {
    name: 'outside-libraries-only-in-adapters',
    from: { path: '^(electron|renderer|shared)/', pathNot: ENTRIES_AND_ADAPTERS },
    to: { path: inPackages('electron', 'ioredis', 'undici', 'electron-store'), ...asValues },
  },
  {
    name: 'nothing-unresolved',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out|tests/bench/peers/node_modules)/|^tests/bench/peers/\\w+\\.mjs$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

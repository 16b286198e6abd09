// The direction of imports: renderer -> shared <- core <- adapters <- compose, main, cli.
// Types may be imported from anywhere a value may not: they leave no trace in a bundle.
const VALUES_ONLY_IN_ADAPTERS = ['electron', 'ioredis', 'undici', 'electron-store'];
const notTypeOnly = { dependencyTypesNot: ['type-only'] };

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: notTypeOnly } },
    { name: 'shared-imports-nothing-of-ours', severity: 'error', from: { path: '^shared/' }, to: { path: '^(electron|renderer|tests|scripts|relay)/' } },
    { name: 'shared-is-pure', severity: 'error', from: { path: '^shared/' }, to: { dependencyTypes: ['core'] } },
    { name: 'renderer-imports-shared-only', severity: 'error', from: { path: '^renderer/' }, to: { path: '^(electron|tests|scripts|relay)/' } },
    { name: 'ports-are-interfaces', severity: 'error', from: { path: '^electron/ports\\.ts$' }, to: { path: '^electron/', ...notTypeOnly } },
    { name: 'core-imports-ports-and-shared', severity: 'error', from: { path: '^electron/core/' }, to: { path: '^(electron/(adapters|compose|main|cli|preload)|renderer/|tests/|scripts/)' } },
    { name: 'core-does-no-io', severity: 'error', from: { path: '^electron/core/' }, to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' } },
    { name: 'adapters-know-no-composition', severity: 'error', from: { path: '^electron/adapters/' }, to: { path: '^electron/(compose|main|cli|preload)' } },
    { name: 'product-imports-no-tests', severity: 'error', from: { path: '^(electron|renderer|shared)/' }, to: { path: '^(tests|scripts)/' } },
    { name: 'e2e-imports-no-app-code', severity: 'error', from: { path: '^tests/e2e/' }, to: { path: '^(electron|renderer|shared)/' } },
    {
      name: 'outside-libraries-only-in-adapters',
      severity: 'error',
      from: { path: '^(electron|renderer|shared)/', pathNot: '^electron/(adapters/|preload\\.ts|main\\.ts|cli\\.ts|compose\\.ts)' },
      to: { path: VALUES_ONLY_IN_ADAPTERS.map((name) => `^(node_modules/)?${name}(/|$)`), ...notTypeOnly },
    },
  ],
  options: {
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};

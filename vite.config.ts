import { chmodSync, cpSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import { makeIcons } from './scripts/make-icons.ts';
import { packedLicences } from './scripts/packed-licences.ts';

const root = import.meta.dirname;
const nodeBuiltins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

interface NodeBundle {
  readonly entry: string;
  readonly outFile: string;
  readonly format: 'es' | 'cjs';
  readonly target: string;
  readonly executable?: true;
  /** What is imported only when needed stays in files of its own, so that a start reads and keeps less. */
  readonly split?: true;
}

/**
 * Everything that is not the window: one bundle per entry, dependencies inside, so that the package needs no
 * node_modules. A new entry (a library, a worker) is one more line here.
 */
const nodeBundles: Readonly<Record<string, NodeBundle>> = {
  main: {
    entry: 'electron/main.ts',
    outFile: 'dist/main/main.js',
    format: 'es',
    target: 'node20',
    split: true,
  },
  // A sandboxed preload cannot be an ES module.
  preload: {
    entry: 'electron/preload.ts',
    outFile: 'dist/preload/preload.cjs',
    format: 'cjs',
    target: 'chrome130',
  },
  cli: {
    entry: 'electron/cli.ts',
    outFile: 'dist/cli.js',
    format: 'es',
    target: 'node20',
    executable: true,
  },
  library: { entry: 'electron/index.ts', outFile: 'dist/index.js', format: 'es', target: 'node20' },
};

/** Bundles that run where no Electron is: importing it there is a mistake worth failing the build for. */
const runsInElectron = new Set(['main', 'preload']);

function environmentOf(name: string, bundle: NodeBundle): EnvironmentOptions {
  const external = runsInElectron.has(name) ? ['electron', ...nodeBuiltins] : nodeBuiltins;
  const fileName = path.basename(bundle.outFile);
  return {
    consumer: 'server',
    resolve: { noExternal: true, external, conditions: ['node', 'import', 'module', 'default'] },
    build: {
      outDir: path.join(root, path.dirname(bundle.outFile)),
      // dist/ itself holds the other bundles too.
      emptyOutDir: path.dirname(bundle.outFile) !== 'dist',
      target: bundle.target,
      minify: false,
      sourcemap: true,
      copyPublicDir: false,
      rolldownOptions: {
        input: { [name]: path.join(root, bundle.entry) },
        external,
        output: {
          format: bundle.format,
          entryFileNames: fileName,
          // Names stay: a stack in the log tells where it was.
          minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
          codeSplitting: bundle.split === true,
          chunkFileNames: '[name]-[hash].js',
          ...(bundle.executable ? { banner: '#!/usr/bin/env node' } : {}),
        },
      },
    },
  };
}

function refuseElectronOutsideElectron(): Plugin {
  return {
    name: 'refuse-electron-outside-electron',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name in nodeBundles && !runsInElectron.has(name),
    resolveId(source, importer) {
      if (source === 'electron' || source === 'electron-store') {
        this.error(`${importer ?? 'an entry'} imports ${source}, but this bundle runs in plain Node`);
      }
      return undefined;
    },
  };
}

/** Below electron-store, conf loads a compiler of JSON schemas, a sixth of main's code, for schemas we give it none of. */
function withoutJsonSchemas(): Plugin {
  const stub = '\0no-json-schemas';
  return {
    name: 'without-json-schemas',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'main',
    resolveId: (source, importer) =>
      /^ajv(-formats)?(\/|$)/.test(source) && importer?.includes('/conf/') ? stub : undefined,
    load: (id) => (id === stub ? 'export const Ajv2020 = undefined; export default {};' : undefined),
  };
}

/**
 * Writes other characters as escapes, which stand only in strings, templates and patterns: V8 keeps a text of ASCII
 * alone in half the memory.
 */
function asciiOnly(): Plugin {
  return {
    name: 'ascii-only',
    applyToEnvironment: ({ name }) => name in nodeBundles,
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = asciiOf(file.code);
    },
  };
}

function asciiOf(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The window's first picture comes with its page, for it is to be there before anything else is loaded. */
function pictureInPage(): Plugin {
  const picture = 'assets/app.svg';
  const comments = /\s*<!--.*?-->/gs;
  return {
    name: 'picture-in-page',
    applyToEnvironment: ({ name }) => name === 'client',
    transformIndexHtml: (page) =>
      page
        .replace(`<!-- ${picture} -->`, readFileSync(path.join(root, picture), 'utf8'))
        .replaceAll(comments, '')
        .replaceAll(BETWEEN_TAGS, '><'),
  };
}

const BETWEEN_TAGS = />\s+</g;

/** The tray's drawings, which the window shows, too. */
function drawingsOnOneLine(): Plugin {
  return {
    name: 'drawings-on-one-line',
    applyToEnvironment: ({ name }) => name === 'client',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.svg'))
          file.source = String(file.source).trim().replaceAll(BETWEEN_TAGS, '><');
      }
    },
  };
}

function makeExecutable(): Plugin {
  return {
    name: 'make-executable',
    applyToEnvironment: ({ name }) => nodeBundles[name]?.executable === true,
    writeBundle() {
      const bundle = nodeBundles[this.environment.name];
      if (bundle) chmodSync(path.join(root, bundle.outFile), 0o755);
    },
  };
}

function drawIcons(): Plugin {
  return {
    name: 'draw-icons',
    applyToEnvironment: ({ name }) => name === 'main',
    writeBundle() {
      makeIcons(path.join(root, 'assets'), path.join(root, 'dist/icons'));
    },
  };
}

/** The page that the window hands out: the very file of `relay/`, whose script runs only unchanged. */
function packRelayPage(): Plugin {
  const page = 'relay/index.html';
  return {
    name: 'pack-relay-page',
    applyToEnvironment: ({ name }) => name === 'main',
    writeBundle: () => cpSync(path.join(root, page), path.join(root, 'dist', page)),
  };
}

export default defineConfig({
  root: path.join(root, 'renderer'),
  base: './',
  plugins: [
    react(),
    packedLicences(),
    refuseElectronOutsideElectron(),
    withoutJsonSchemas(),
    asciiOnly(),
    pictureInPage(),
    drawingsOnOneLine(),
    makeExecutable(),
    drawIcons(),
    packRelayPage(),
  ],
  environments: {
    client: {
      build: {
        outDir: path.join(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome130',
        modulePreload: { polyfill: false },
        // A data: URL would need a hole in the window's content security policy.
        assetsInlineLimit: 0,
      },
    },
    ...Object.fromEntries(
      Object.entries(nodeBundles).map(([name, bundle]) => [name, environmentOf(name, bundle)]),
    ),
  },
  builder: {
    async buildApp(builder) {
      // The window last: it tells the licences of all that is packed.
      const names = [...Object.keys(nodeBundles), 'client'];
      for (const name of names) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
});

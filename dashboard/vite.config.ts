import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { shellList } from './shell-files.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Building a schema does nothing else: those the page itself does not use leave, and their library with them. It decodes in its worker. */
const unusedSchemasLeave = {
  name: 'unused-schemas-leave',
  transform: (code: string, id: string): string | null =>
    /\/domain\/.*\.ts$/.test(id) ? code.replaceAll(/(?<![\w.])z\.(?=[a-zA-Z]+\()/g, '/* @__PURE__ */ z.') : null,
}

/** What of zod's JSON schema writer its other modules name. */
const schemaWriter = {
  'json-schema-processors': ['toJSONSchema', 'allProcessors'],
  'to-json-schema': [
    'createToJSONSchemaMethod',
    'createStandardJSONSchemaMethod',
    'initializeContext',
    'handleUnrepresentable',
    'process',
    'processSchema',
    'extractDefs',
    'finalize',
  ],
} as const

/** Nobody in a browser writes a JSON schema: zod's writer, a tenth of what is decoded with, is left at home. */
const noSchemaWriter = {
  name: 'no-schema-writer',
  load: (id: string): string | null => {
    const name = /\/zod\/v4\/core\/([a-z-]+)\.js$/.exec(id)?.[1]
    if (name !== 'json-schema-processors' && name !== 'to-json-schema') return null
    const never = `const never = () => () => { throw new Error('no JSON schema in the browser') }`
    return `${never}\nexport { ${schemaWriter[name].map((part) => `never as ${part}`).join(', ')} }`
  },
}

/** Nobody reads why a message could not be decoded: zod's English sentences stay at home, too. */
const noSchemaSentences = {
  name: 'no-schema-sentences',
  load: (id: string): string | null =>
    id.endsWith('/zod/v4/locales/en.js') ? `export default () => ({ localeError: () => 'Invalid' })` : null,
}

/** The page speaks WebSocket alone (docs/dashboard.md 15), but the client names its other transports. */
const webSocketAlone = {
  name: 'web-socket-alone',
  load: (id: string): string | null =>
    id.endsWith('/engine.io-client/build/esm/transports/index.js')
      ? `import { WS } from './websocket.js'\nexport const transports = { websocket: WS }`
      : null,
}

const plugins = [unusedSchemasLeave, noSchemaWriter, noSchemaSentences, webSocketAlone]

// Everything the page loads comes from its own origin under a strict content security policy: no inlined assets, no inline
// script. `#domain/…` and its neighbours are resolved from package.json by Vite itself.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [...plugins, shellList()],
  define: { 'import.meta.env.VITE_BUILD': JSON.stringify(version) },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: {
    format: 'es',
    plugins: () => plugins,
    rolldownOptions: {
      // The service worker rules what lies beside and below it, so it stands at the root and under one name for ever.
      output: { entryFileNames: ({ name }) => (name === 'push-worker' ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
})

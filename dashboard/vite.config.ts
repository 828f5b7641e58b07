import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Building a schema does nothing else: those the page itself does not use leave, and their library with them. It decodes in its worker. */
const unusedSchemasLeave = {
  name: 'unused-schemas-leave',
  transform: (code: string, id: string): string | null =>
    /\/domain\/.*\.ts$/.test(id) ? code.replaceAll(/(?<![\w.])z\.(?=[a-zA-Z]+\()/g, '/* @__PURE__ */ z.') : null,
}

// Everything the page loads comes from its own origin under a strict content security policy: no inlined assets, no inline
// script. `#domain/…` and its neighbours are resolved from package.json by Vite itself.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [unusedSchemasLeave],
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
    rolldownOptions: {
      // The service worker rules what lies beside and below it, so it stands at the root and under one name for ever.
      output: { entryFileNames: ({ name }) => (name === 'push-worker' ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
})

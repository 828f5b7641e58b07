import { defineConfig } from 'vite'

// Everything the page loads comes from its own origin under a strict content security policy: no inlined assets, no inline
// script. `#domain/…` and its neighbours are resolved from package.json by Vite itself.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
})

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** The small script that Desk loads on every page; Steward itself is framed when it is opened. */
export default defineConfig({
  root,
  publicDir: false,
  // Desk's own styles are not ours: none of the page's PostCSS set-up applies here.
  css: { postcss: { plugins: [] } },
  build: {
    outDir: '../frappe-app/steward/public/desk',
    emptyOutDir: false,
    target: 'es2022',
    lib: {
      entry: 'src/panel/main.ts',
      name: 'StewardPanel',
      formats: ['iife'],
      fileName: () => 'steward-panel.js',
      cssFileName: 'steward-panel',
    },
  },
})

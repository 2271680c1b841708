import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { erpnextPage } from './build/erpnext-page.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig(({ command }) => ({
  root,
  // ERPNext serves an app's public folder there; the sandbox serves the same path.
  base: command === 'build' ? '/assets/steward/frontend/' : '/steward/',
  plugins: [vue(), erpnextPage(root)],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
}))

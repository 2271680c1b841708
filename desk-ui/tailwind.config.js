import path from 'node:path'
import { fileURLToPath } from 'node:url'
import preset, { content } from 'frappe-ui/tailwind'

const here = path.dirname(fileURLToPath(import.meta.url))

// Only the stable parts of frappe-ui are used, so its other folders would only make the CSS bigger.
const stable = content.filter((glob) => !/experimental|vitepress/.test(glob))

/** @type {import('tailwindcss').Config} */
export default {
  presets: [preset],
  content: [...stable, path.join(here, 'index.html'), path.join(here, 'src/**/*.{vue,ts}')],
}

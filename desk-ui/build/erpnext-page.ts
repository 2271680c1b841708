import { cp, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Plugin } from 'vite'

/** Frappe renders this with Jinja: every key of `context.boot` becomes a property of `window`. */
const BOOT_LOOP = `<script>
      {% for key in boot %}
      window["{{ key }}"] = {{ boot[key] | tojson }};
      {% endfor %}
    </script>
    `

/**
 * Makes the built page one that ERPNext can serve: puts the boot loop in front of the page's own
 * script, and copies the result into the Frappe app, `public/frontend` and `www/steward.html`.
 */
export function erpnextPage(root: string): Plugin {
  const app = path.resolve(root, '../frappe-app/steward')
  return {
    name: 'steward-erpnext-page',
    apply: 'build',
    transformIndexHtml: (html) => html.replace('<div id="app">', `${BOOT_LOOP}<div id="app">`),
    async closeBundle() {
      const frontend = path.join(app, 'public/frontend')
      await rm(frontend, { recursive: true, force: true })
      await mkdir(path.join(app, 'www'), { recursive: true })
      await cp(path.join(root, 'dist'), frontend, { recursive: true })
      await cp(path.join(root, 'dist/index.html'), path.join(app, 'www/steward.html'))
    },
  }
}

import autoprefixer from 'autoprefixer'
import tailwindcss from 'tailwindcss'
import { fileURLToPath } from 'node:url'

const config = fileURLToPath(new URL('./tailwind.config.js', import.meta.url))

export default { plugins: [tailwindcss({ config }), autoprefixer()] }

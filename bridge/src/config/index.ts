export { environmentSchema, SECRET_VARIABLES } from './environment.ts'
export { loadConfig, type Config } from './load-config.ts'
export { loadSecrets } from './secrets.ts'

export { environmentSchema, SECRET_VARIABLES, type Environment } from './environment.ts'
export { loadConfig, type Config, type SiteConfig } from './load-config.ts'
export { loadSecrets, type Secrets } from './secrets.ts'

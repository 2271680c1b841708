export { teamLimits } from './plan-limits.ts'
export { SiteSettingsReader } from './site-settings.ts'

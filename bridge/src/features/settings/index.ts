export { teamLimits } from './plan-limits.ts'
export { auditSettings } from './settings-audit.ts'
export { SiteSettingsReader } from './site-settings.ts'

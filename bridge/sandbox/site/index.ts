export { createSite } from './create-site.ts'
export type { Site, SiteOptions } from './create-site.ts'
export { SiteError } from './errors.ts'

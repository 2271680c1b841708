export { createSiteClient } from './site-client.ts'
export type { ListQuery, SiteClient, SiteCredential, SiteSession } from './site-port.ts'

export { createSiteClient } from './site-client.ts'
export type { ListFilter, ListQuery, SiteClient, SiteCredential, SiteSession } from './site-port.ts'

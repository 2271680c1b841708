export { plainText, SiteError } from './site-error.ts'
export { createSiteClient, type SiteClientOptions } from './site-client.ts'
export type {
  ListFilter,
  ListQuery,
  OAuthTokens,
  SiteCallOptions,
  SiteClient,
  SiteCredential,
  SiteSession,
} from './site-port.ts'
